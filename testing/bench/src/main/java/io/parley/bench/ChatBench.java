package io.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.chat.users.SignedIn;
import io.parley.common.TimeSource;
import io.parley.safety.GateLimits;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Chat with everything that stands behind it ({@link WholeGateway}, {@link WholeChat}) before a
 * model of fixed pace. Clients are in the same process, over the loopback interface. The gateway
 * holds no tokens back here, as in {@link GatewayBench}.
 */
final class ChatBench {
  private static final int ANSWER_TOKENS = 16;
  private static final int LONG_ANSWER_TOKENS = 4_096;
  private static final int WARM_UP_SENDS = 500;
  private static final int SENDS = 1_000;
  private static final int LONGEST_CONVERSATION = 100_000;
  private static final int USUAL_CONVERSATION = 1_000;
  private static final int WARM_UP_READS = 300;
  private static final int READS = 1_000;
  private static final int SEARCHES = 500;
  private static final int[] FAN_OUT_TICKS_MS = {50, 20};
  private static final int IDLE_TICK_MS = 20_000;
  private static final long SEED = 42;

  private final Settings settings;
  private final TimeSource time;
  private final Random random = new Random(SEED);

  /**
   * What to measure.
   *
   * @param messages of one user
   * @param viewers of one answer, and as many idle users
   * @param seconds for which the viewers watch
   */
  record Settings(int messages, int viewers, int seconds) {}

  ChatBench(Settings settings, TimeSource time) {
    this.settings = settings;
    this.time = time;
  }

  Report run() throws IOException {
    Report report = new Report("chat");
    addFirstTokens(report);
    for (int tick : FAN_OUT_TICKS_MS) {
      addFanOut(report, tick);
    }
    addIdle(report);
    addHistory(report);
    return report;
  }

  private WholeGateway start(long tickMs, int answerTokens) throws IOException {
    GateLimits gates =
        new GateLimits(
            GateLimits.DEFAULTS.inputBudgetMs(), GateLimits.DEFAULTS.outputBudgetMs(), 0);
    return WholeGateway.startWithChat(tickMs, answerTokens, gates, time);
  }

  // ---- From a send to the first token -----------------------------------------------------------

  /** When each of the two ways had its first token, in microseconds after the send. */
  private record FirstTokens(Histogram raw, Histogram sent, Histogram chat) {}

  private void addFirstTokens(Report report) throws IOException {
    try (WholeGateway gateway = start(1, ANSWER_TOKENS);
        HttpConnection raw = new HttpConnection(gateway.port());
        ChatClient chat = new ChatClient(gateway.port(), gateway.chat().user())) {
      byte[] request = GatewayBench.body(gateway.key(), true, ANSWER_TOKENS);
      firstTokens(raw, request, chat, WARM_UP_SENDS);
      FirstTokens first = firstTokens(raw, request, chat, SENDS);
      addMs(report, "first token, raw API, ", first.raw);
      addMs(report, "send until it is kept, ", first.sent);
      addMs(report, "first token, chat, ", first.chat);
      double p50 = first.chat.getValueAtPercentile(50) - first.raw.getValueAtPercentile(50);
      report.add("first token, added p50", p50 / 1e3, "ms");
    }
  }

  /** The two take turns, so that whatever else the machine does meets both. */
  private FirstTokens firstTokens(HttpConnection raw, byte[] request, ChatClient chat, int sends)
      throws IOException {
    FirstTokens first = new FirstTokens(new Histogram(3), new Histogram(3), new Histogram(3));
    for (int i = 0; i < sends; i++) {
      FirstPiece ofRaw = new FirstPiece("content_block_delta");
      raw.exchange(request, ofRaw::take);
      first.raw.recordValue(ofRaw.micros());
      String conversation = chat.conversation();
      FirstPiece ofChat = new FirstPiece("event: delta");
      String answer = chat.send(conversation);
      first.sent.recordValue((time.nanoTime() - ofChat.start) / 1_000);
      chat.events(answer + "/events", ofChat::take);
      first.chat.recordValue(ofChat.micros());
    }
    return first;
  }

  /** The moment when the first piece came that has some words in it. */
  private final class FirstPiece {
    private final String words;
    private final long start = time.nanoTime();
    private long at;

    FirstPiece(String words) {
      this.words = words;
    }

    void take(byte[] piece) {
      if (at == 0 && new String(piece, UTF_8).contains(words)) {
        at = time.nanoTime();
      }
    }

    long micros() throws IOException {
      if (at == 0) {
        throw new IOException("no " + words + " came");
      }
      return (at - start) / 1_000;
    }
  }

  // ---- Many viewers -----------------------------------------------------------------------------

  private void addFanOut(Report report, int tickMs) throws IOException {
    try (WholeGateway gateway = start(tickMs, LONG_ANSWER_TOKENS);
        ChatViewers viewers = new ChatViewers(time)) {
      SignedIn user = gateway.chat().user();
      try (ChatClient writer = new ChatClient(gateway.port(), user)) {
        String answer = writer.send(writer.conversation());
        viewers.open(gateway.port(), requests(user, answer));
        viewers.watch(settings.seconds); // so long it is compiled
        ChatViewers.Seen seen = viewers.watch(settings.seconds);
        writer.post(answer + "/stop", "{}");
        String name = "%d viewers of %d tokens/s, ".formatted(settings.viewers, 1_000 / tickMs);
        Histogram late = seen.lateMicros();
        report.add(name + "events", seen.pieces() / seen.seconds(), "1/s");
        report.add(name + "tokens", late.getTotalCount() / seen.seconds(), "1/s");
        addMs(report, name + "lateness ", late);
      }
    }
  }

  private List<byte[]> requests(SignedIn user, String answer) {
    return Collections.nCopies(settings.viewers, ChatClient.get(user, answer + "/events"));
  }

  private void addIdle(Report report) throws IOException {
    try (WholeGateway gateway = start(IDLE_TICK_MS, LONG_ANSWER_TOKENS)) {
      SignedIn user = gateway.chat().user();
      try (ChatClient writer = new ChatClient(gateway.port(), user)) {
        String answer = writer.send(writer.conversation());
        addHeap(report, "idle viewer", gateway.port(), requests(user, answer));
      }
      List<byte[]> feeds =
          Stream.generate(() -> ChatClient.get(gateway.chat().user(), "/events"))
              .limit(settings.viewers)
              .toList();
      addHeap(report, "idle user", gateway.port(), feeds);
    }
  }

  private void addHeap(Report report, String who, int port, List<byte[]> requests)
      throws IOException {
    try (ChatViewers warm = new ChatViewers(time)) {
      warm.open(port, requests.subList(0, 1));
    }
    long before = ProcessFigures.liveHeapBytes();
    try (ChatViewers viewers = new ChatViewers(time)) {
      viewers.open(port, requests);
      viewers.watch(1);
      long taken = ProcessFigures.liveHeapBytes() - before;
      report.add(who + ", live heap", taken / 1024.0 / requests.size(), "KB each");
    }
  }

  // ---- Long histories ---------------------------------------------------------------------------

  private void addHistory(Report report) throws IOException {
    int longest = Math.min(settings.messages, LONGEST_CONVERSATION);
    try (WholeGateway gateway = start(1, ANSWER_TOKENS)) {
      SignedIn user = gateway.chat().user();
      addWriting(report, gateway.chat(), user.user().id(), longest);
      // Not before: a server closes a connection on which nothing was asked for minutes.
      try (ChatClient chat = new ChatClient(gateway.port(), user)) {
        addPages(report, chat, longest);
        addSearches(report, chat);
      }
    }
  }

  private void addWriting(Report report, WholeChat chat, String user, int longest) {
    long start = time.nanoTime();
    fill(chat.history(), user, longest);
    long filled = time.nanoTime();
    report.add("history, written", settings.messages / ((filled - start) / 1e9), "1/s");
    long entries = chat.rebuildIndex();
    report.add("history, indexed", entries / ((time.nanoTime() - filled) / 1e9), "1/s");
    report.add("history, entries of the index", (double) entries, "");
  }

  private void addPages(Report report, ChatClient chat, int longest) throws IOException {
    String messages = "/conversations/" + ChatHistory.conversationId(0) + "/messages?limit=50";
    long opening = time.nanoTime();
    chat.get(messages);
    report.add("last page of %,d, at first".formatted(longest), ms(opening), "ms");
    addReads(report, "last page of %,d, ".formatted(longest), chat, () -> messages);
    addReads(
        report,
        "any page of %,d, ".formatted(longest),
        chat,
        () -> messages + "&before=" + ChatHistory.messageId(0, 1 + random.nextInt(longest - 1)));
  }

  private double ms(long sinceNanos) {
    return (time.nanoTime() - sinceNanos) / 1e6;
  }

  private void fill(ChatHistory history, String user, int longest) {
    history.write(user, 0, longest);
    int left = settings.messages - longest;
    for (int number = 1; left > 0; number++) {
      int messages = Math.min(left, USUAL_CONVERSATION);
      history.write(user, number, messages);
      left -= messages;
    }
  }

  /** Draws paths. */
  private interface Paths {
    String next();
  }

  private void addReads(Report report, String name, ChatClient chat, Paths paths)
      throws IOException {
    for (int i = 0; i < WARM_UP_READS; i++) {
      chat.get(paths.next());
    }
    Histogram micros = new Histogram(3);
    for (int i = 0; i < READS; i++) {
      String path = paths.next();
      long start = time.nanoTime();
      JsonNode page = chat.get(path);
      micros.recordValue((time.nanoTime() - start) / 1_000);
      if (page.get("data").isEmpty()) {
        throw new IOException("an empty page: " + path);
      }
    }
    addMs(report, name, micros);
  }

  private void addSearches(Report report, ChatClient chat) throws IOException {
    addSearch(report, "search, a word in most messages, ", chat, () -> ChatHistory.word(0));
    addSearch(report, "search, any word, ", chat, () -> ChatHistory.word(ChatHistory.draw(random)));
    addSearch(
        report,
        "search, two words, ",
        chat,
        () ->
            ChatHistory.word(ChatHistory.draw(random))
                + "+"
                + ChatHistory.word(ChatHistory.draw(random)));
  }

  private void addSearch(Report report, String name, ChatClient chat, Paths words)
      throws IOException {
    Histogram micros = new Histogram(3);
    long hits = 0;
    for (int i = -SEARCHES / 5; i < SEARCHES; i++) {
      String path = "/search?q=" + words.next();
      long start = time.nanoTime();
      JsonNode found = chat.get(path);
      if (i >= 0) {
        micros.recordValue((time.nanoTime() - start) / 1_000);
        hits += found.get("data").size();
      }
    }
    addMs(report, name, micros);
    report.add(name + "results shown", (double) hits / SEARCHES, "each");
  }

  private static void addMs(Report report, String name, Histogram micros) {
    report.add(name + "p50", micros.getValueAtPercentile(50) / 1e3, "ms");
    report.add(name + "p99", micros.getValueAtPercentile(99) / 1e3, "ms");
  }
}
