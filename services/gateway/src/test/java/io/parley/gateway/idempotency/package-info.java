@NullMarked
package io.parley.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
