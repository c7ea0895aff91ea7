/**
 * How much one user may do. Main type: {@link io.parley.chat.quota.MessageQuota}. Thread-safe; may
 * block on the store of short-lived values. The limits of the organisation are the gateway's.
 */
@NullMarked
package io.parley.chat.quota;

import org.jspecify.annotations.NullMarked;
