/** Tests of the audit log. */
@NullMarked
package io.parley.safety.audit;

import org.jspecify.annotations.NullMarked;
