package io.parley.chat.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.chat.TestUsers;
import io.parley.chat.users.UserErasures;
import io.parley.common.ParleyException;
import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import io.parley.testkit.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserKeysTest {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final SecureRandom random = new SecureRandom();
  private Path file;
  private Database database;
  private UserKeys keys;

  @BeforeEach
  void open() {
    file = directory.resolve("chat-keys");
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    keys = with(MasterKeys.ofFileOrNew(file, random));
    TestUsers.insert(database, "ada", "bob", "cy");
  }

  private UserKeys with(MasterKeys masters) {
    return new UserKeys(database, masters, time, random);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void opensWhatItSealedAlsoAfterARestart() {
    byte[] sealed = seal("ada", "m1", "hello");
    assertThat(open(keys, "ada", "m1", sealed)).isEqualTo("hello");
    assertThat(open(with(MasterKeys.ofFile(file)), "ada", "m1", sealed)).isEqualTo("hello");
    assertThat(new String(sealed, UTF_8)).doesNotContain("hello");
  }

  @Test
  void opensNothingOfAnotherUserOrPlaceAndNothingThatWasChanged() {
    byte[] sealed = seal("ada", "m1", "hello");
    keys.findOrMake("bob");
    refused(() -> open(keys, "bob", "m1", sealed));
    refused(() -> open(keys, "ada", "m2", sealed));
    refused(() -> open(keys, "ada", "m1", new byte[3]));
    for (int at = 0; at < sealed.length; at++) {
      byte[] changed = sealed.clone();
      changed[at] ^= 1;
      refused(() -> open(keys, "ada", "m1", changed));
    }
  }

  @Test
  void theSameTextIsSealedToOtherBytesEachTime() {
    assertThat(seal("ada", "m1", "hello")).isNotEqualTo(seal("ada", "m1", "hello"));
  }

  @Test
  void withTheKeyEverythingIsErased() {
    byte[] sealed = seal("ada", "m1", "hello");
    keys.erase("ada");
    assertThat(keys.find("ada")).isEmpty();
    assertThat(with(MasterKeys.ofFile(file)).find("ada")).isEmpty();
    keys.findOrMake("ada");
    refused(() -> open(keys, "ada", "m1", sealed));
  }

  @Test
  void nobodyGetsAKeyAnewWhoIsBeingErased() {
    new UserErasures(database, time).request("ada");
    keys.erase("ada");
    refused(() -> keys.findOrMake("ada"));
    refused(() -> keys.findOrMake("never there"));
  }

  @Test
  void anErasureElsewhereIsNoticedWithinAMinute() {
    keys.findOrMake("ada");
    with(MasterKeys.ofFile(file)).erase("ada");
    time.advance(Duration.ofMinutes(1));
    assertThat(keys.find("ada")).isEmpty();
  }

  @Test
  void afterARotationTheOldMasterKeyMayGo() throws Exception {
    List<byte[]> sealed =
        List.of(seal("ada", "m1", "one"), seal("bob", "m1", "two"), seal("cy", "m1", "three"));
    MasterKeys both = MasterKeys.rotate(file, random);
    assertThat(keys.rotate(both)).isEqualTo(3);
    assertThat(keys.rotate(both)).isZero();
    String newest = Files.readAllLines(file).getLast();
    UserKeys later = with(MasterKeys.parse("test", newest));
    assertThat(open(later, "ada", "m1", sealed.get(0))).isEqualTo("one");
    assertThat(open(later, "bob", "m1", sealed.get(1))).isEqualTo("two");
    assertThat(open(later, "cy", "m1", sealed.get(2))).isEqualTo("three");
  }

  @Test
  void aMasterKeyThatIsMissingIsNamed() {
    keys.findOrMake("ada");
    MasterKeys others = MasterKeys.ofFileOrNew(directory.resolve("others"), random);
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> with(others).find("ada"))
        .withMessageContaining(MasterKeys.ofFile(file).newest());
  }

  @Test
  void theFileIsForItsOwnerAloneAndHoldsKeysOnly() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    for (String wrong : List.of("", "short", "AAAA")) {
      assertThatExceptionOfType(ParleyException.class)
          .isThrownBy(() -> MasterKeys.parse("chat.keys", wrong))
          .withMessageStartingWith("chat.keys: ");
    }
  }

  @Test
  void blindsAWordToTheSameForOneUserOnly() {
    Blinding ada = keys.findOrMake("ada").blinding();
    String blinded = ada.blind("rust");
    assertThat(keys.findOrMake("ada").blinding().blind("rust")).isEqualTo(blinded);
    assertThat(ada.blind("java")).isNotEqualTo(blinded);
    assertThat(keys.findOrMake("bob").blinding().blind("rust")).isNotEqualTo(blinded);
  }

  private byte[] seal(String user, String place, String text) {
    return keys.findOrMake(user).seal(place, text.getBytes(UTF_8), random);
  }

  private static String open(UserKeys from, String user, String place, byte[] sealed) {
    return new String(from.find(user).orElseThrow().open(place, sealed), UTF_8);
  }

  private static void refused(Runnable call) {
    assertThatExceptionOfType(ParleyException.class).isThrownBy(call::run);
  }
}
