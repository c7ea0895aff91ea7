package io.parley.chat.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {
  private static final PasswordCost CHEAP = new PasswordCost(64, 1, 1);
  private static final Organisation HOME = new Organisation("org_1", "Home");
  private static final String HERE = "192.0.2.1";
  private static final Optional<SessionToken> NOBODY = Optional.empty();

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final SecureRandom random = new SecureRandom();
  private Database database;
  private PasswordHasher passwords;
  private Accounts accounts;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    passwords = new PasswordHasher(CHEAP, random, 1);
    accounts = of(HOME, AccountSettings.DEFAULTS);
  }

  private Accounts of(Organisation organisation, AccountSettings settings) {
    return new Accounts(database, time, random, organisation, settings, passwords);
  }

  @AfterEach
  void close() {
    passwords.close();
    database.close();
  }

  @Test
  void whoSignedUpCanLogInAndIsTheSame() {
    User ada = signUp("Ada@Example.com").user();
    SignedIn again = accounts.login("ada@example.COM", "correct horse", NOBODY, HERE);
    assertThat(again.user()).isEqualTo(ada);
    assertThat(ada.email()).hasValue("ada@example.com");
    assertThat(accounts.sessions().user(again.session())).hasValue(ada);
  }

  @Test
  void refusesWrongPasswordsAndUnknownAddressesInTheSameWords() {
    signUp("ada@example.com");
    String wrong = refused(ErrorCode.AUTHENTICATION, () -> login("ada@example.com", "wrong horse"));
    String unknown =
        refused(ErrorCode.AUTHENTICATION, () -> login("bob@example.com", "wrong horse"));
    assertThat(wrong).isEqualTo(unknown);
  }

  @Test
  void aGuestWhoSignsUpStaysTheSame() {
    SignedIn guest = accounts.guest(NOBODY, HERE);
    assertThat(guest.user().guest()).isTrue();
    SignedIn ada =
        accounts.signUp(
            "ada@example.com", "Ada", "correct horse", Optional.of(guest.session()), HERE);
    assertThat(ada.user().id()).isEqualTo(guest.user().id());
    assertThat(ada.user().guest()).isFalse();
    assertThat(accounts.sessions().user(guest.session())).isEmpty();
    assertThat(login("ada@example.com", "correct horse").user()).isEqualTo(ada.user());
  }

  @Test
  void anAddressHasOneAccountInAnOrganisation() {
    signUp("ada@example.com");
    refused(ErrorCode.CONFLICT, () -> signUp("ADA@example.com"));
    Accounts others = of(new Organisation("org_2", "Others"), AccountSettings.DEFAULTS);
    User namesake = others.signUp("ada@example.com", "Ada", "another one", NOBODY, HERE).user();
    assertThat(namesake.organisationId()).isEqualTo("org_2");
    refused(ErrorCode.AUTHENTICATION, () -> login("ada@example.com", "another one"));
    assertThat(accounts.find(namesake.id())).isEmpty();
  }

  @Test
  void refusesByTheNameOfTheField() {
    for (String email : List.of("", "ada", "a da@b", "a@b\u0000", "x".repeat(250) + "@b.cd")) {
      assertThat(refused(ErrorCode.INVALID_REQUEST, () -> signUp(email))).startsWith("email: ");
    }
    assertThat(
            refused(
                ErrorCode.INVALID_REQUEST,
                () -> accounts.signUp("a@b", " ", "correct horse", NOBODY, HERE)))
        .startsWith("name: ");
    for (String password : List.of("", "sevenchars".substring(0, 7), "x".repeat(257))) {
      assertThat(
              refused(
                  ErrorCode.INVALID_REQUEST,
                  () -> accounts.signUp("a@b", "Ada", password, NOBODY, HERE)))
          .startsWith("password: ");
    }
  }

  @Test
  void refusesWhatTheSettingsForbid() {
    Accounts closed =
        of(HOME, new AccountSettings(false, false, Duration.ofDays(1), Duration.ofDays(1)));
    refused(ErrorCode.PERMISSION, () -> closed.guest(NOBODY, HERE));
    refused(
        ErrorCode.PERMISSION,
        () -> closed.signUp("ada@example.com", "Ada", "correct horse", NOBODY, HERE));
  }

  @Test
  void aLogInEndsTheSessionThatItCameWith() {
    SignedIn first = signUp("ada@example.com");
    SignedIn second =
        accounts.login("ada@example.com", "correct horse", Optional.of(first.session()), HERE);
    assertThat(second.session()).isNotEqualTo(first.session());
    assertThat(accounts.sessions().user(first.session())).isEmpty();
    accounts.sessions().revoke(second.session());
    assertThat(accounts.sessions().user(second.session())).isEmpty();
  }

  @Test
  void aSessionEndsWhenItIsIdleAndAtTheLatestAfterItsLife() {
    SessionToken idle = signUp("ada@example.com").session();
    time.advance(Duration.ofDays(14));
    assertThat(accounts.sessions().user(idle)).isEmpty();
    SessionToken used = login("ada@example.com", "correct horse").session();
    for (int week = 0; week < 12; week++) {
      time.advance(Duration.ofDays(7));
      assertThat(accounts.sessions().user(used)).isPresent();
    }
    time.advance(Duration.ofDays(6));
    assertThat(accounts.sessions().user(used)).isEmpty();
    assertThat(accounts.sessions().sweep()).isEqualTo(2);
  }

  @Test
  void theOldestOfTooManySessionsEnds() {
    SessionToken oldest = signUp("ada@example.com").session();
    SessionToken newest = oldest;
    for (int i = 0; i < AccountLimits.MAX_SESSIONS; i++) {
      time.advance(Duration.ofSeconds(1));
      newest = login("ada@example.com", "correct horse").session();
    }
    assertThat(accounts.sessions().user(oldest)).isEmpty();
    assertThat(accounts.sessions().user(newest)).isPresent();
  }

  @Test
  void aNewPasswordNeedsTheOldOneAndEndsTheOtherSessions() {
    SignedIn here = signUp("ada@example.com");
    SessionToken elsewhere = login("ada@example.com", "correct horse").session();
    refused(
        ErrorCode.AUTHENTICATION,
        () -> accounts.change(here.user(), here.session(), password("guessed it", "my new one")));
    accounts.change(here.user(), here.session(), password("correct horse", "my new one"));
    assertThat(accounts.sessions().user(here.session())).isPresent();
    assertThat(accounts.sessions().user(elsewhere)).isEmpty();
    refused(ErrorCode.AUTHENTICATION, () -> login("ada@example.com", "correct horse"));
    login("ada@example.com", "my new one");
  }

  @Test
  void changesWhatIsGivenAndKeepsTheRest() {
    SignedIn ada = signUp("ada@example.com");
    Notifications notifications = new Notifications(true, Optional.of("https://example.com/hook"));
    User changed =
        accounts.change(
            ada.user(),
            ada.session(),
            new UserChange(Optional.empty(), Optional.empty(), Optional.of(notifications)));
    assertThat(changed.name()).isEqualTo("Ada");
    assertThat(accounts.find(ada.user().id())).hasValue(changed);
    Notifications nonsense = new Notifications(false, Optional.of("file:///etc/passwd"));
    refused(
        ErrorCode.INVALID_REQUEST,
        () ->
            accounts.change(
                ada.user(),
                ada.session(),
                new UserChange(Optional.empty(), Optional.empty(), Optional.of(nonsense))));
  }

  @Test
  void throttlesGuessesAtOneAccountAndForgivesWithTime() {
    signUp("ada@example.com");
    for (int i = 0; i < AccountLimits.LOGINS_PER_ACCOUNT; i++) {
      String address = "198.51.100." + i;
      refused(
          ErrorCode.AUTHENTICATION,
          () -> accounts.login("ada@example.com", "guess", NOBODY, address));
    }
    refused(ErrorCode.RATE_LIMIT, () -> login("ada@example.com", "correct horse"));
    time.advance(AccountLimits.THROTTLE_WINDOW);
    login("ada@example.com", "correct horse");
  }

  @Test
  void throttlesGuessesFromOneAddressButNoLogInsThatSucceed() {
    signUp("ada@example.com");
    for (int i = 0; i < 2 * AccountLimits.LOGINS_PER_ADDRESS; i++) {
      login("ada@example.com", "correct horse");
    }
    for (int i = 0; i < AccountLimits.LOGINS_PER_ADDRESS; i++) {
      String email = "user" + i + "@example.com";
      refused(ErrorCode.AUTHENTICATION, () -> login(email, "guess"));
    }
    refused(ErrorCode.RATE_LIMIT, () -> login("ada@example.com", "correct horse"));
  }

  @Test
  void aProvidersPersonGetsAnAccountOnceAndNeverAnothers() {
    Identity ada = new Identity("https://sso", "42", Optional.of("ada@example.com"), "Ada");
    User first = accounts.login(ada, NOBODY).user();
    assertThat(accounts.login(ada, NOBODY).user()).isEqualTo(first);
    signUp("bob@example.com");
    Identity bob = new Identity("https://sso", "43", Optional.of("bob@example.com"), "Bob");
    refused(ErrorCode.CONFLICT, () -> accounts.login(bob, NOBODY));
    refused(ErrorCode.AUTHENTICATION, () -> login("ada@example.com", ""));
  }

  @Test
  void aGuestWhoComesFromAProviderStaysTheSame() {
    SignedIn guest = accounts.guest(NOBODY, HERE);
    Identity ada = new Identity("https://sso", "42", Optional.empty(), "Ada");
    SignedIn named = accounts.login(ada, Optional.of(guest.session()));
    assertThat(named.user().id()).isEqualTo(guest.user().id());
    assertThat(named.user().guest()).isFalse();
    assertThat(accounts.sessions().user(guest.session())).isEmpty();
    assertThat(accounts.login(ada, NOBODY).user()).isEqualTo(named.user());
  }

  @Test
  void nothingThatLetsSomebodyInIsInTheDatabase() {
    SignedIn ada = signUp("ada@example.com");
    String rows =
        database.read(
            handle ->
                handle.createQuery("SELECT * FROM chat_users").mapToMap().list().toString()
                    + handle.createQuery("SELECT * FROM chat_sessions").mapToMap().list());
    assertThat(rows).contains(ada.user().id());
    assertThat(rows).doesNotContain("correct horse").doesNotContain(ada.session().secret());
  }

  @Test
  void aHashOfAnotherCostIsMadeAnewAtTheNextLogIn() {
    User ada = signUp("ada@example.com").user();
    try (PasswordHasher dearer = new PasswordHasher(new PasswordCost(128, 2, 1), random, 1)) {
      Accounts later = new Accounts(database, time, random, HOME, AccountSettings.DEFAULTS, dearer);
      later.login("ada@example.com", "correct horse", NOBODY, HERE);
      String kept = database.read(handle -> UserRows.passwordHash(handle, ada.id())).orElseThrow();
      assertThat(kept).startsWith("$argon2id$v=19$m=128,t=2,p=1$");
      later.login("ada@example.com", "correct horse", NOBODY, HERE);
    }
  }

  private SignedIn signUp(String email) {
    return accounts.signUp(email, "Ada", "correct horse", NOBODY, HERE);
  }

  private SignedIn login(String email, String password) {
    return accounts.login(email, password, NOBODY, HERE);
  }

  private static UserChange password(String old, String replacement) {
    return new UserChange(
        Optional.empty(),
        Optional.of(new UserChange.PasswordChange(old, replacement)),
        Optional.empty());
  }

  private static String refused(ErrorCode code, ThrowingCallable call) {
    String[] message = {""};
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(call)
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(code);
              message[0] = String.valueOf(e.getMessage());
            });
    return message[0];
  }
}
