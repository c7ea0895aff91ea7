/**
 * From a conversation to the tokens that a model continues. Main type: {@link
 * io.parley.model.template.ChatTemplate}, which renders the Jinja template of a model file.
 *
 * <p>A template comes from the file and a conversation from a user; neither is trusted. Rendering
 * is bounded in output, depth, loops and steps, reaches no file and no class, and whatever a user
 * writes stays text: it never becomes a special token. Thread-safe. Knows nothing of weights,
 * requests or HTTP.
 */
@NullMarked
package io.parley.model.template;

import org.jspecify.annotations.NullMarked;
