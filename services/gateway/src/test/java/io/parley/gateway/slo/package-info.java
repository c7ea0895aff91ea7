@NullMarked
package io.parley.gateway.slo;

import org.jspecify.annotations.NullMarked;
