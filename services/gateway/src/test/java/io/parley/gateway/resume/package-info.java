@NullMarked
package io.parley.gateway.resume;

import org.jspecify.annotations.NullMarked;
