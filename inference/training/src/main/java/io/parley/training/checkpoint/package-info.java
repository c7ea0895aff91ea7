/**
 * A training run on disk: {@link io.parley.training.checkpoint.CheckpointDirectory} writes whole
 * states atomically and finds the newest sound one. One thread, one process a directory. Nothing
 * here knows how a state comes about.
 */
@NullMarked
package io.parley.training.checkpoint;

import org.jspecify.annotations.NullMarked;
