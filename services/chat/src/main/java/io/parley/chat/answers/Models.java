package io.parley.chat.answers;

import io.parley.chat.conversations.Conversation;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The models that can be talked to. Thread-safe.
 *
 * @param defaultModel a name in the pool, for conversations that name none
 */
public record Models(ModelPool pool, String defaultModel) {
  public List<ModelDescriptor> all() {
    return pool.models();
  }

  /** Whether it is the one for conversations that name none. */
  public boolean isDefault(ModelDescriptor model) {
    return pool.find(defaultModel).map(ModelDescriptor::id).filter(model.id()::equals).isPresent();
  }

  /**
   * The model of a name.
   *
   * @throws ParleyException NOT_FOUND if there is none
   */
  public ModelDescriptor get(String name) {
    return pool.find(name)
        .orElseThrow(() -> new ParleyException(ErrorCode.NOT_FOUND, "model: " + name));
  }

  /** The model that was asked for, or else the conversation's, or else the default. */
  ModelDescriptor choose(@Nullable String asked, Conversation conversation) {
    String own = conversation.model();
    return get(asked != null ? asked : own != null ? own : defaultModel);
  }
}
