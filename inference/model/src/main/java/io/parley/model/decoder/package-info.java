/**
 * A decoder-only transformer with RMSNorm, rotary positions, grouped-query attention and gated
 * feed-forward parts (Touvron et al. 2023, arXiv:2302.13971), and what its descendants vary. Main
 * type: {@link io.parley.model.decoder.Decoder}, which computes logits for a {@link
 * io.parley.model.decoder.ForwardBatch} of rows from any number of sequences, over a paged {@link
 * io.parley.model.decoder.KvCache}. What an architecture is made of stands in its {@link
 * io.parley.model.decoder.DecoderConfig}; the families of package {@code family} fill it in.
 *
 * <p>A {@link io.parley.model.decoder.DecoderModel} is immutable and shared; a decoder and its
 * cache belong to one thread. Knows nothing of architectures by name, files, requests, scheduling,
 * sampling or text.
 */
@NullMarked
package io.parley.model.decoder;

import org.jspecify.annotations.NullMarked;
