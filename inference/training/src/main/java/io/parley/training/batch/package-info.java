/**
 * From conversations to batches: rendering with the chat template, encoding, packing into windows.
 * The main type is {@link io.parley.training.batch.BatchSource}, a pure function of a position in
 * the data. One thread. Nothing here knows how conversations are made or what learns from them.
 */
@NullMarked
package io.parley.training.batch;

import org.jspecify.annotations.NullMarked;
