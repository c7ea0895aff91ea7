@NullMarked
package io.parley.serving.routing;

import org.jspecify.annotations.NullMarked;
