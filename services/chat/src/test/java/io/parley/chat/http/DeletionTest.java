package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.BodyCipher;
import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.Inline;
import io.parley.chat.answers.Answers;
import io.parley.chat.conversations.Block;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Removals;
import io.parley.common.Ulid;
import io.parley.embedded.DirectoryObjectStore;
import io.parley.embedded.SqliteDatabase;
import io.parley.embedded.rocks.RocksStores;
import io.parley.ports.conversation.MessagePartition;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.model.ModelDescriptor;
import io.parley.testkit.FakeMessagesApi;
import io.parley.testkit.FakeMessagesApi.Playing;
import io.parley.testkit.FakeModelPool;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a conversation that is deleted: nothing, wherever the server dies. */
class DeletionTest {
  private static final ChatUser ADA = new ChatUser("org_1", "usr_ada", false);
  private static final int MOST_WRITES = 40;

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final Ulid ids = new Ulid(time, new SecureRandom());
  private final FakeMessagesApi api = new FakeMessagesApi();
  private final Fuse fuse = new Fuse();
  private SqliteDatabase database;
  private RocksStores stores;
  private DirectoryObjectStore objects;
  private ChatService chat;
  private int sent;

  @BeforeEach
  void start() {
    database = SqliteDatabase.open(directory.resolve("chat.db"), 1);
    stores = RocksStores.open(directory.resolve("stores"), time);
    objects = new DirectoryObjectStore(directory.resolve("objects"));
    ModelDescriptor seeing =
        new ModelDescriptor("fake", "Fake", Instant.EPOCH, 2_048, true, true, true);
    chat =
        new ChatService(
            new ChatService.Outside(
                fuse.around(database),
                fuse.around(stores.messageStore()),
                stores.eventLog(),
                fuse.around(stores.streamBuffers()),
                fuse.around(objects),
                api,
                new FakeModelPool(List.of(seeing)),
                "fake",
                BodyCipher.PLAIN,
                time,
                ids,
                new Inline(),
                ChatLimits.DEFAULTS));
    chat.start();
  }

  @AfterEach
  void stop() {
    stores.close();
    database.close();
  }

  private void killAndStart() {
    api.forgetAll();
    stop();
    fuse.mend();
    start();
  }

  private Conversation conversation() {
    String id = "conv_" + ids.next();
    return chat.conversations()
        .create(ADA, new ConversationStore.Fresh(id, "Whales", null, null))
        .conversation();
  }

  private Block.Image picture(String content) {
    return chat.images().add(ADA, "image/png", Pictures.png(content));
  }

  private Answers.Outcome ask(Conversation conversation, Block... content) {
    Conversation now = chat.conversations().get(ADA, conversation.id());
    return chat.answers()
        .send(
            ADA,
            now.id(),
            new Answers.Sending("c" + sent++, now.version(), now.headId(), List.of(content), null));
  }

  private void askAndAnswer(Conversation conversation, Block... content) {
    ask(conversation, content);
    api.take().text("because").endTurn();
  }

  private void delete(Conversation conversation) {
    Conversation now = chat.conversations().get(ADA, conversation.id());
    chat.answers().deletions().delete(ADA, now.id(), now.version());
  }

  private void assertNothingIsLeftOf(Conversation conversation, List<String> streams) {
    assertThat(
            stores
                .messageStore()
                .page(new MessagePartition(conversation.id(), 0), new MessageStore.From.End(), 100))
        .isEmpty();
    for (String stream : streams) {
      assertThat(stores.streamBuffers().read(stream, 0, 1)).isEmpty();
    }
    assertThat(new Removals(database).pending()).isEmpty();
  }

  private long rows(String table) {
    return database.read(
        handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  private List<String> streams() {
    return database.read(
        handle -> handle.createQuery("SELECT stream FROM chat_answers").mapTo(String.class).list());
  }

  @Test
  void takesMessagesAndPicturesAlong() {
    Conversation whales = conversation();
    Block.Image picture = picture("whale");
    ask(whales, new Block.Text("what is this?"), picture);
    Playing playing = api.take();
    assertThat(playing.body()) // the model sees it
        .contains(Base64.getEncoder().encodeToString(Pictures.png("whale")));
    playing.text("a whale").endTurn();
    delete(whales);
    assertNothingIsLeftOf(whales, List.of());
    assertThat(chat.images().find(ADA.userId(), picture.imageId())).isEmpty();
    assertThat(chat.images().bytes(ADA.userId(), picture.imageId())).isEmpty();
    assertThat(rows("chat_image_uses")).isZero();
  }

  @Test
  void leavesPicturesThatAnotherConversationShows() {
    Conversation whales = conversation();
    Conversation ships = conversation();
    Block.Image picture = picture("whale");
    askAndAnswer(whales, new Block.Text("what is this?"), picture);
    askAndAnswer(ships, new Block.Text("and what is this?"), picture);
    delete(whales);
    assertThat(chat.images().bytes(ADA.userId(), picture.imageId())).isPresent();
    delete(ships);
    assertThat(chat.images().bytes(ADA.userId(), picture.imageId())).isEmpty();
  }

  @Test
  void leavesPicturesOfWhichNobodyKnowsWhereTheyAreShown() {
    Conversation whales = conversation();
    Block.Image picture = picture("whale");
    database.write(handle -> handle.execute("UPDATE chat_images SET uses_known = 0"));
    askAndAnswer(whales, new Block.Text("what is this?"), picture);
    delete(whales);
    assertThat(chat.images().bytes(ADA.userId(), picture.imageId())).isPresent();
  }

  /**
   * The server dies after no write, after one, after two, and so on until it has no more to do,
   * while an answer is being written or not; the next one finishes what had begun.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isFinishedByTheNextStartWhereverItBrokeOff(boolean answering) {
    boolean blown = true;
    int writes = 0;
    for (; blown && writes < MOST_WRITES; writes++) {
      Conversation whales = conversation();
      Block.Image picture = picture("whale " + writes);
      askAndAnswer(whales, new Block.Text("what is this?"), picture);
      if (answering) {
        ask(whales, new Block.Text("really?"));
        api.take().text("well, ");
      }
      List<String> streams = streams();
      fuse.blowAfter(writes);
      try {
        delete(whales);
      } catch (Fuse.BlownException e) {
        // It died before anything had happened, or after: the next start knows.
      }
      blown = fuse.hasBlown();
      killAndStart();
      if (chat.conversations().find(ADA.userId(), whales.id()).isPresent()) {
        assertThat(writes).isZero();
        streams = List.of(); // the start has ended it, and it goes by itself
        assertThat(chat.images().bytes(ADA.userId(), picture.imageId())).isPresent();
        delete(whales);
      }
      assertNothingIsLeftOf(whales, streams);
      assertThat(chat.images().bytes(ADA.userId(), picture.imageId())).isEmpty();
      assertThat(rows("chat_images")).isZero();
    }
    assertThat(blown).isFalse();
    assertThat(writes).isGreaterThan(5);
  }

  @Test
  void anAnswerThatEndsAfterItsConversationLeavesNothing() {
    Conversation whales = conversation();
    ask(whales, new Block.Text("what is this?"));
    Playing playing = api.take();
    playing.text("a ");
    List<String> streams = streams();
    delete(whales);
    assertThat(playing.isEnded()).isTrue(); // it was stopped
    assertNothingIsLeftOf(whales, streams);
  }

  @Test
  void whatFailsIsDoneByTheNextLook() {
    Conversation whales = conversation();
    askAndAnswer(whales, new Block.Text("what is this?"));
    fuse.blowAfter(1);
    delete(whales);
    assertThat(chat.conversations().find(ADA.userId(), whales.id())).isEmpty();
    fuse.mend();
    assertThat(chat.answers().deletions().isDone(ADA.userId())).isFalse();
    chat.upkeep();
    assertThat(chat.answers().deletions().isDone(ADA.userId())).isTrue();
    assertNothingIsLeftOf(whales, List.of());
  }
}
