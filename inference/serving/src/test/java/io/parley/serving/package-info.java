@NullMarked
package io.parley.serving;

import org.jspecify.annotations.NullMarked;
