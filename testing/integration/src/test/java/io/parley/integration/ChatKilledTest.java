package io.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.common.TimeSource;
import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import io.parley.server.ShellAdministration;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A conversation on two devices, while connections break, sends come twice and the server dies by
 * {@code kill -9} in the middle of answers. In the end every message is there once and in its
 * place, and each device has seen of each answer what is stored. {@code -Dparley.chat.kills=N} sets
 * how often it dies, {@code -Dparley.chat.questions=N} after how many answers each time, {@code
 * -Dparley.kill.seed=N} what is drawn.
 */
class ChatKilledTest {
  private static final int KILLS = Integer.getInteger("parley.chat.kills", 2);
  private static final int QUESTIONS = Integer.getInteger("parley.chat.questions", 5);
  private static final long SEED = Long.getLong("parley.kill.seed", System.nanoTime());
  private static final int DEVICES = 2;
  private static final int PAGE = 60;
  private static final long KILL_LIMIT_SECONDS = 180;

  @TempDir private Path directory;
  private final Random random = new Random(SEED);
  private final List<HttpClient> clients = List.of(browserLike(), browserLike());
  private final List<ChatDevice> devices = new ArrayList<>();
  private final Map<String, Watch> watches = new ConcurrentHashMap<>(); // by answer
  private final List<Queue<Sending>> said = new ArrayList<>(); // by device, in its order
  private final Map<Integer, Sending> unsure = new ConcurrentHashMap<>(); // by device
  private final AtomicInteger sends = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
  private final Map<String, String> partialTexts = new HashMap<>();
  private String conversation = "";
  private volatile CountDownLatch kill = new CountDownLatch(0);
  private volatile boolean killed;
  private volatile boolean last;
  private int partials;
  private final Map<String, Long> partialTokens = new HashMap<>(); // by answer
  private long died; // tokens that were delivered and never billed, since their server died
  private Bill recordedInLife = new Bill(0, 0);
  private Bill billedBefore = new Bill(0, 0);

  /** Answers and what they took. */
  private record Bill(long answers, long outputTokens) {
    Bill minus(Bill other) {
      return new Bill(answers - other.answers, outputTokens - other.outputTokens);
    }
  }

  /** A send as it was tried: it is repeated word by word until it is known what became of it. */
  private record Sending(String clientId, String text, long version, String parentId) {
    Map<String, Object> body() {
      Map<String, Object> body = new HashMap<>();
      body.put("client_id", clientId);
      body.put("version", version);
      body.put("parent_id", parentId.isEmpty() ? null : parentId);
      body.put("content", List.of(Map.of("type", "text", "text", text)));
      return body;
    }

    Sending after(ChatDevice.Reply now) {
      return new Sending(
          clientId,
          text,
          now.json().get("version").asLong(),
          now.json().path("head_id").asText(""));
    }
  }

  /** Both devices, following one answer. */
  private final class Watch {
    private final List<AnswerViewer> viewers;
    private List<Thread> threads = List.of();

    Watch(String answerId, String begun) {
      viewers =
          devices.stream()
              .map(
                  device ->
                      new AnswerViewer(
                          device, conversation, answerId, begun, random, this::pieceCame))
              .toList();
    }

    /** The moment to kill: some of an answer is there, and mostly not all. */
    private void pieceCame() {
      if (!last && ended.get() >= QUESTIONS) {
        kill.countDown();
      }
    }

    Watch start() {
      threads = viewers.stream().map(viewer -> inBackground(viewer::follow)).toList();
      return this;
    }

    void join() {
      threads.forEach(ChatKilledTest::join);
    }

    boolean hasEnded() {
      return viewers.stream().allMatch(AnswerViewer::hasEnded);
    }
  }

  /** Browsers speak HTTP/1.1 where there is no TLS. */
  private static HttpClient browserLike() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void close() {
    clients.forEach(HttpClient::close);
  }

  @Test
  void everyMessageIsThereOnceInItsPlaceAndAsBothDevicesSawIt() throws Exception {
    System.out.printf("%d kills, -Dparley.kill.seed=%d%n", KILLS, SEED);
    int port = 0;
    for (int life = 0; life <= KILLS; life++) {
      last = life == KILLS;
      try (RunningParley parley =
          port == 0 ? RunningParley.start(directory) : RunningParley.start(directory, port)) {
        port = parley.port();
        live(parley);
      }
      checkBill();
    }
    System.out.printf(
        "%d messages, %d answers were partial and went on%n", DEVICES * sends.get(), partials);
  }

  /** One server, from its start to its end. */
  private void live(RunningParley parley) throws Exception {
    if (devices.isEmpty()) {
      begin(parley);
    }
    resume();
    Bill before = recorded();
    countWhatDied();
    assertThat(billedBefore.outputTokens + died).isGreaterThanOrEqualTo(before.outputTokens);
    checkPartials();
    ended.set(0);
    killed = false;
    kill = new CountDownLatch(1);
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < DEVICES; i++) {
      int device = i;
      senders.add(inBackground(() -> talk(device)));
    }
    if (!last) {
      assertThat(kill.await(KILL_LIMIT_SECONDS, TimeUnit.SECONDS)).as("answers come").isTrue();
      assertThat(faults).isEmpty();
      killed = true;
      parley.kill();
    }
    senders.forEach(ChatKilledTest::join);
    watches.values().forEach(Watch::join);
    assertThat(faults).isEmpty();
    if (last) {
      checkConversation();
      recordedInLife = recorded().minus(before);
      parley.terminate();
      assertThat(parley.exited(Duration.ofSeconds(30))).isTrue();
    }
  }

  private void begin(RunningParley parley) throws IOException {
    ChatDevice first = ChatDevice.ofGuest(clients.getFirst(), parley.url());
    devices.add(first);
    devices.add(first.another(clients.getLast()));
    devices.forEach(device -> said.add(new ConcurrentLinkedQueue<>()));
    // With a title of its own it needs none of the model, which would be billed too.
    ChatDevice.Reply made =
        first.post("/conversations", Map.of("title", "Killed", "model", "parley-mini"));
    assertThat(made.status()).isEqualTo(201);
    conversation = made.text("/id");
  }

  /** Whoever watched goes on where they were. */
  private void resume() {
    List<Watch> open = watches.values().stream().filter(watch -> !watch.hasEnded()).toList();
    open.forEach(Watch::start);
    open.forEach(Watch::join);
    assertThat(faults).isEmpty();
    assertThat(open).allMatch(Watch::hasEnded);
  }

  /** An answer may die more than once; its message has the sum. */
  private void countWhatDied() throws IOException {
    for (JsonNode message : messages()) {
      if (isPartial(message)) {
        long took = message.at("/usage/output_tokens").asLong();
        Long before = partialTokens.put(message.get("id").asText(), took);
        died += took - (before == null ? 0 : before);
      }
    }
  }

  private static boolean isPartial(JsonNode message) {
    return message.get("status").asText().equals("partial");
  }

  /** What the last server did not finish is what was seen of it, and goes on. */
  private void checkPartials() throws IOException {
    for (JsonNode message : messages()) {
      String id = message.get("id").asText();
      if (!isPartial(message)) {
        continue;
      }
      partials++;
      Watch watch = watches.get(id);
      String text = message.at("/content/0/text").asText();
      if (watch != null) {
        assertThat(watch.viewers).allMatch(viewer -> viewer.text().equals(text));
      }
      goOn(id, text);
    }
  }

  private void goOn(String answerId, String text) throws IOException {
    ChatDevice device = devices.get(random.nextInt(DEVICES));
    ChatDevice.Reply further =
        device.post(
            path("/messages/" + answerId + "/continue"),
            Map.of(
                "client_id",
                "again-" + partials,
                "version",
                device.get(path("")).json().get("version").asLong()));
    assertThat(further.status()).as(further.json().toString()).isEqualTo(201);
    String begun = further.text("/answer/content/0/text");
    assertThat(begun).isEqualTo(text.stripTrailing());
    partialTexts.put(answerId, begun);
    Watch watch = new Watch(answerId, begun).start();
    watches.put(answerId, watch);
    watch.join();
    assertThat(faults).isEmpty();
  }

  private String path(String further) {
    return "/conversations/" + conversation + further;
  }

  /** Sends one message after the other, as many as there are to be, or until the server dies. */
  private void talk(int device) {
    try {
      for (int i = 0; !last || i < QUESTIONS || unsure.containsKey(device); i++) {
        unsure.computeIfAbsent(device, none -> next());
        say(device);
      }
    } catch (IOException e) {
      if (!killed) {
        broke(e);
      } // else the next server is asked the same again
    }
  }

  private Sending next() {
    int number = sends.incrementAndGet();
    return new Sending("send-" + number, "What is 2 plus " + number + "?", -1, "");
  }

  /** Says what is to be said, however often it takes; then it is answered. */
  private void say(int device) throws IOException {
    Sending sending = Objects.requireNonNull(unsure.get(device));
    ChatDevice.Reply sent = new ChatDevice.Reply(409, ChatDevice.JSON.createObjectNode());
    while (sent.status() == 409) {
      if (sending.version() >= 0) {
        sent = send(device, sending);
      }
      if (sent.status() == 409) {
        sending = sending.after(whenAnswered(device));
        unsure.put(device, sending);
      }
    }
    assertThat(sent.status()).as(sent.json().toString()).isIn(200, 201);
    said.get(device).add(sending);
    unsure.remove(device);
    watch(sent.text("/answer/id")).join();
    ended.incrementAndGet();
  }

  /** Maybe from both devices at the same time; what both get is the same. */
  private ChatDevice.Reply send(int device, Sending sending) throws IOException {
    if (random.nextInt(3) > 0) {
      return devices.get(device).post(path("/messages"), sending.body());
    }
    List<ChatDevice.Reply> replies = new ArrayList<>();
    Thread other =
        inBackground(
            () -> {
              try {
                replies.add(devices.get(1 - device).post(path("/messages"), sending.body()));
              } catch (IOException e) {
                // The server died.
              }
            });
    try {
      ChatDevice.Reply own = devices.get(device).post(path("/messages"), sending.body());
      join(other);
      // One may be refused and the other one taken, if the conversation moved on in between.
      if (!replies.isEmpty() && own.status() < 300 && replies.getFirst().status() < 300) {
        assertThat(replies.getFirst().text("/answer/id")).isEqualTo(own.text("/answer/id"));
        assertThat(replies.getFirst().text("/message/id")).isEqualTo(own.text("/message/id"));
        assertThat(List.of(own.status(), replies.getFirst().status())).contains(200);
      }
      return own.status() < 300 || replies.isEmpty() ? own : replies.getFirst();
    } finally {
      join(other);
    }
  }

  /** The conversation at a moment when nothing is being written in it. */
  private ChatDevice.Reply whenAnswered(int device) throws IOException {
    while (true) {
      ChatDevice.Reply now = devices.get(device).get(path(""));
      String answering = now.json().path("answering_id").asText("null");
      if (answering.equals("null")) {
        return now;
      }
      watch(answering).join();
    }
  }

  private Watch watch(String answerId) {
    return watches.computeIfAbsent(answerId, id -> new Watch(id, "").start());
  }

  private List<JsonNode> messages() throws IOException {
    TreeMap<String, JsonNode> byId = new TreeMap<>();
    List<String> order = new ArrayList<>();
    String before = "";
    boolean more = true;
    while (more) {
      JsonNode page =
          devices
              .getFirst()
              .get(path("/messages?limit=" + PAGE + (before.isEmpty() ? "" : "&before=" + before)))
              .json();
      List<String> ids = new ArrayList<>();
      for (JsonNode message : page.get("data")) {
        String id = message.get("id").asText();
        assertThat(byId.put(id, message)).as("a message comes once").isNull();
        ids.add(id);
      }
      order.addAll(0, ids);
      more = page.get("has_more").asBoolean();
      before = ids.isEmpty() ? before : ids.getFirst();
    }
    assertThat(order).as("messages come in order").containsExactlyElementsOf(byId.keySet());
    return List.copyOf(byId.values());
  }

  private void checkConversation() throws IOException {
    List<JsonNode> stored = messages();
    List<String> questions = new ArrayList<>();
    String parent = "null";
    for (JsonNode message : stored) {
      assertThat(message.get("status").asText()).as(message.toString()).isEqualTo("complete");
      assertThat(message.get("parent_id").asText()).isEqualTo(parent);
      parent = message.get("id").asText();
      String text = message.at("/content/0/text").asText();
      if (message.get("role").asText().equals("user")) {
        questions.add(text);
      } else {
        assertThat(watch(parent).viewers)
            .allMatch(viewer -> viewer.text().equals(text) && viewer.status().equals("complete"));
        assertThat(text).startsWith(partialTexts.getOrDefault(parent, ""));
      }
    }
    assertThat(stored).hasSize(2 * questions.size());
    assertThat(questions).hasSize(sends.get());
    for (Queue<Sending> ofDevice : said) {
      assertThat(questions).containsSubsequence(ofDevice.stream().map(Sending::text).toList());
    }
    assertThat(questions)
        .containsExactlyInAnyOrderElementsOf(
            said.stream().flatMap(Queue::stream).map(Sending::text).toList());
  }

  /** What the conversation says that its answers took. */
  private Bill recorded() throws IOException {
    long answers = 0;
    long tokens = 0;
    for (JsonNode message : messages()) {
      long took = message.at("/usage/output_tokens").asLong();
      answers += took > 0 && !isPartial(message) ? 1 : 0;
      tokens += took;
    }
    ChatDevice.Reply now = devices.getFirst().get(path(""));
    assertThat(now.json().at("/usage/output_tokens").asLong()).isEqualTo(tokens);
    return new Bill(answers, tokens);
  }

  /** Of a server that is gone: what it billed is what it wrote, as far as it lived to tell. */
  private void checkBill() {
    Bill billed = billed();
    if (last) {
      assertThat(billed.minus(billedBefore)).isEqualTo(recordedInLife);
    }
    billedBefore = billed;
  }

  private Bill billed() {
    Path data = directory.resolve("data");
    try (ShellAdministration shell = ShellAdministration.open(data, TimeSource.system())) {
      assertThat(shell.usage()).isNotNull();
    }
    try (Database database = SqliteDatabase.open(data.resolve("parley.db"), 1)) {
      return database.<Bill, RuntimeException>read(
          handle ->
              handle
                  .createQuery(
                      "SELECT count(*) AS n, coalesce(sum(output_tokens), 0) AS sum"
                          + " FROM usage_events WHERE outcome = 'answered'")
                  .map((row, context) -> new Bill(row.getLong("n"), row.getLong("sum")))
                  .one());
    }
  }

  /** There is no use in going on. */
  private void broke(Throwable fault) {
    faults.add(fault);
    kill.countDown();
  }

  private Thread inBackground(Runnable task) {
    return Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> broke(e)).start(task);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
