@NullMarked
package io.parley.engine.speculation;

import org.jspecify.annotations.NullMarked;
