/**
 * The Llama architecture: a decoder-only transformer with RMSNorm, rotary positions, grouped-query
 * attention and SwiGLU (Touvron et al. 2023, arXiv:2302.13971), as ggml's {@code llama} files hold
 * it. Main type: {@link io.parley.model.llama.LlamaDecoder}, which computes logits for a {@link
 * io.parley.model.llama.ForwardBatch} of rows from any number of sequences, over a paged {@link
 * io.parley.model.llama.KvCache}.
 *
 * <p>A {@link io.parley.model.llama.LlamaModel} is immutable and shared; a decoder and its cache
 * belong to one thread. Knows nothing of requests, scheduling, sampling or text.
 */
@NullMarked
package io.parley.model.llama;

import org.jspecify.annotations.NullMarked;
