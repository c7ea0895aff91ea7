@NullMarked
package io.parley.gateway.observation;

import org.jspecify.annotations.NullMarked;
