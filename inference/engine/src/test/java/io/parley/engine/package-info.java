@NullMarked
package io.parley.engine;

import org.jspecify.annotations.NullMarked;
