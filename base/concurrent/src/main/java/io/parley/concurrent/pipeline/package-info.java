/**
 * Work on a long stream in blocks: {@link io.parley.concurrent.pipeline.BlockPipeline} reads, has
 * workers process, and merges in order.
 *
 * <p>A run starts threads of a factory that it is given and ends them all before it returns. The
 * package knows nothing of what blocks are.
 */
@NullMarked
package io.parley.concurrent.pipeline;

import org.jspecify.annotations.NullMarked;
