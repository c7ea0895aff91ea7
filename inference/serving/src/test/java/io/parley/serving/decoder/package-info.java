@NullMarked
package io.parley.serving.decoder;

import org.jspecify.annotations.NullMarked;
