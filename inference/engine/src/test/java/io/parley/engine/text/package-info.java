@NullMarked
package io.parley.engine.text;

import org.jspecify.annotations.NullMarked;
