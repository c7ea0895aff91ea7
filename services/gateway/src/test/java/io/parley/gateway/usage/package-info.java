/** Tests of metering and reports. */
@NullMarked
package io.parley.gateway.usage;

import org.jspecify.annotations.NullMarked;
