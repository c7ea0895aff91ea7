@NullMarked
package io.parley.gateway.usage.journal;

import org.jspecify.annotations.NullMarked;
