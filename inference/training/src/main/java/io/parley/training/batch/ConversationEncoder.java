package io.parley.training.batch;

import io.parley.training.bpe.SpecialTokens;
import io.parley.training.corpus.Conversation;
import io.parley.training.corpus.Message;
import io.parley.training.corpus.Role;
import java.util.Arrays;

/** Renders conversations in the chat template that the exported model declares. */
final class ConversationEncoder {
  private final TextEncoder encoder;

  ConversationEncoder(TextEncoder encoder) {
    this.encoder = encoder;
  }

  EncodedConversation encode(Conversation conversation) {
    Growing tokens = new Growing();
    tokens.add(SpecialTokens.BEGIN, false);
    for (Message message : conversation.messages()) {
      boolean answer = message.role() == Role.ASSISTANT;
      tokens.add(answer ? SpecialTokens.ASSISTANT : SpecialTokens.USER, false);
      for (int token : encoder.encode(message.text())) {
        tokens.add(token, answer);
      }
      tokens.add(SpecialTokens.END, answer);
    }
    return tokens.finish();
  }

  private static final class Growing {
    private int[] tokens = new int[256];
    private boolean[] answers = new boolean[256];
    private int length;

    void add(int token, boolean answer) {
      if (length == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * length);
        answers = Arrays.copyOf(answers, 2 * length);
      }
      tokens[length] = token;
      answers[length++] = answer;
    }

    EncodedConversation finish() {
      return new EncodedConversation(Arrays.copyOf(tokens, length), Arrays.copyOf(answers, length));
    }
  }
}
