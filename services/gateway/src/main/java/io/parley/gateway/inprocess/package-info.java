/**
 * The Messages API without HTTP, for other services of this process: {@link
 * io.parley.gateway.inprocess.InProcessMessages} sends their requests through the same pipeline,
 * with the same limits, gates, accounts and audit. What happens to an answer is told on tasks that
 * run one after the other and may block.
 */
@NullMarked
package io.parley.gateway.inprocess;

import org.jspecify.annotations.NullMarked;
