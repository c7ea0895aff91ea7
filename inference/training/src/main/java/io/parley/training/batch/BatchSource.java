package io.parley.training.batch;

import io.parley.training.corpus.Conversation;
import io.parley.training.llama.Batch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Makes the batch of any step from a position in an endless row of conversations.
 *
 * <p>A step takes whole conversations until it has enough tokens, then packs them by falling
 * length, each into the first window with room. Windows are as short as their first conversation
 * allows, since attention costs as much as its window is long, however little of it the mask
 * leaves.
 */
public final class BatchSource {
  private static final int SHORTEST_WINDOW = 128;

  private final LongFunction<Conversation> conversations;
  private final ConversationEncoder encoder;
  private final BatchSettings settings;

  public BatchSource(
      LongFunction<Conversation> conversations, TextEncoder encoder, BatchSettings settings) {
    this.conversations = conversations;
    this.encoder = new ConversationEncoder(encoder);
    this.settings = settings;
  }

  /**
   * The batch that starts with the conversation at {@code position}. A pure function.
   *
   * @param step which step it is for, from 0: decides whether its windows are long
   */
  public PositionedBatch batch(long position, long step) {
    List<EncodedConversation> taken = new ArrayList<>();
    int tokens = 0;
    while (tokens < settings.batchTokens()) {
      EncodedConversation next = encoder.encode(conversations.apply(position + taken.size()));
      taken.add(next);
      tokens += WindowBuilder.places(next);
    }
    Batch batch = isLong(step) ? longBatch(taken) : shortBatch(taken);
    return new PositionedBatch(batch, tokens, position + taken.size());
  }

  private boolean isLong(long step) {
    double share = settings.longWindowShare();
    return Math.floor((step + 1) * share) > Math.floor(step * share);
  }

  private Batch longBatch(List<EncodedConversation> conversations) {
    WindowBuilder builder = builder(settings.longWindowTokens(), true);
    conversations.forEach(conversation -> place(conversation, List.of(builder)));
    return new Batch(List.of(builder.build()));
  }

  private Batch shortBatch(List<EncodedConversation> conversations) {
    List<WindowBuilder> builders = new ArrayList<>();
    for (int window = settings.windowTokens(); window >= SHORTEST_WINDOW; window /= 2) {
      builders.addFirst(builder(window, false));
    }
    conversations.stream()
        .sorted(Comparator.comparingInt(WindowBuilder::places).reversed())
        .forEach(conversation -> place(conversation, builders));
    return new Batch(
        builders.stream().filter(b -> !b.isEmpty()).map(WindowBuilder::build).toList());
  }

  private WindowBuilder builder(int windowTokens, boolean joined) {
    return new WindowBuilder(windowTokens, settings.userWeight(), joined);
  }

  /** First fit; a new window is the shortest that takes the conversation whole, or the longest. */
  private static void place(EncodedConversation conversation, List<WindowBuilder> builders) {
    for (WindowBuilder builder : builders) {
      if (builder.addToOpenWindow(conversation)) {
        return;
      }
    }
    builders.stream()
        .filter(builder -> WindowBuilder.places(conversation) <= builder.windowTokens())
        .findFirst()
        .orElse(builders.getLast())
        .addToNewWindow(conversation);
  }
}
