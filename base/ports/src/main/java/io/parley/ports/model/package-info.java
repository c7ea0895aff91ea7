/**
 * The port to whatever generates tokens: the engine in this process now, worker processes or a
 * compatible API later. Main type: {@link io.parley.ports.model.ModelPool}. Knows of no HTTP, no
 * tokenizer and no weights.
 */
@NullMarked
package io.parley.ports.model;

import org.jspecify.annotations.NullMarked;
