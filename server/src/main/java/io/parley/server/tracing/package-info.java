/**
 * Spans for those who collect traces. Main type: {@link io.parley.server.tracing.SpanExport}. Spans
 * are made of a request's timeline after its end, on a thread of their own; what cannot be sent in
 * time is dropped. It must not know what prompts and answers say.
 */
@NullMarked
package io.parley.server.tracing;

import org.jspecify.annotations.NullMarked;
