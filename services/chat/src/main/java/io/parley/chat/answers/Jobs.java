package io.parley.chat.answers;

import io.parley.chat.conversations.OpenAnswer;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The answers that this process is writing, by their streams: of two attempts to go on with one
 * answer each has a stream of its own. Thread-safe.
 */
final class Jobs {
  private final ConcurrentHashMap<String, AnswerJob> byStream = new ConcurrentHashMap<>();

  void add(AnswerJob job) {
    byStream.put(job.answer().stream(), job);
  }

  void remove(OpenAnswer answer) {
    byStream.remove(answer.stream());
  }

  Optional<AnswerJob> find(OpenAnswer answer) {
    return Optional.ofNullable(byStream.get(answer.stream()));
  }

  /** Stops whatever is being written in a conversation; whether that was anything. */
  boolean stopAll(String conversationId) {
    boolean any = false;
    for (AnswerJob job : byStream.values()) {
      if (job.answer().conversationId().equals(conversationId)) {
        any = true;
        job.stop();
      }
    }
    return any;
  }

  int size() {
    return byStream.size();
  }
}
