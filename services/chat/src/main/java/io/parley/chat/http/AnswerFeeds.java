package io.parley.chat.http;

import io.parley.chat.answers.AnswerTexts;
import io.parley.ports.stream.StreamBuffers;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The answers that are being watched, by their streams. Thread-safe. */
final class AnswerFeeds {
  private final AnswerTexts texts;
  private final Executor threads;
  private final int maxDeltaBytes;
  private final ConcurrentHashMap<String, Open> feeds = new ConcurrentHashMap<>();

  private record Open(AnswerFeed feed, StreamBuffers.Subscription subscription) {}

  AnswerFeeds(AnswerTexts texts, Executor threads, int maxDeltaBytes) {
    this.texts = texts;
    this.threads = threads;
    this.maxDeltaBytes = maxDeltaBytes;
  }

  /** Has somebody watch an answer from a position on, until its end or his. */
  void watch(AnswerFeed.Source source, SseStream stream, long position) {
    feeds.compute(
        source.stream(),
        (name, known) -> {
          Open open = known == null ? open(source) : known;
          open.feed.add(stream, position);
          return open;
        });
    stream.whenOver(() -> leave(source.stream(), stream));
  }

  private Open open(AnswerFeed.Source source) {
    AnswerFeed feed = new AnswerFeed(source, texts, threads, maxDeltaBytes);
    return new Open(feed, texts.subscribe(source.stream(), feed::wake));
  }

  private void leave(String name, SseStream stream) {
    feeds.computeIfPresent(
        name,
        (same, open) -> {
          open.feed.remove(stream);
          if (!open.feed.isEmpty()) {
            return open;
          }
          open.subscription.close();
          return null;
        });
  }
}
