package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.oidc.OidcProvider;
import io.parley.chat.oidc.OidcSignIn;
import io.parley.chat.oidc.StubProvider;
import io.parley.chat.users.AccountSettings;
import io.parley.chat.users.Accounts;
import io.parley.chat.users.Organisation;
import io.parley.chat.users.PasswordCost;
import io.parley.chat.users.PasswordHasher;
import io.parley.embedded.InProcessEphemeralStore;
import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import io.parley.testkit.VirtualTime;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To an OpenID provider and back, as a browser goes. */
class OidcRoutesTest {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final StubProvider provider = new StubProvider("parley", "s3cret");
  private Database database;
  private PasswordHasher passwords;
  private Accounts accounts;
  private TestChat server;

  @BeforeEach
  void start() {
    SecureRandom random = new SecureRandom();
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    passwords = new PasswordHasher(new PasswordCost(64, 1, 1), random, 1);
    accounts =
        new Accounts(
            database,
            time,
            random,
            new Organisation("org_1", "Home"),
            AccountSettings.DEFAULTS,
            passwords);
    OidcProvider corp =
        new OidcProvider("corp", "Corp", provider.issuer(), "parley", Optional.of("s3cret"));
    OidcSignIn signIn =
        new OidcSignIn(List.of(corp), new InProcessEphemeralStore(time, 1_000), random);
    server =
        new TestChat(
            new OidcRoutes(signIn, accounts).routes(), new AccountSessions(accounts.sessions()));
  }

  @AfterEach
  void stop() {
    server.close();
    provider.close();
    passwords.close();
    database.close();
  }

  @Test
  void whoIsVouchedForComesBackToTheAppWithASession() {
    TestChat.Browser browser = server.browser();
    TestChat.Answer back = browser.get(callback(departure(browser)));
    assertThat(back.status()).isEqualTo(302);
    assertThat(back.header("location")).isEqualTo("/");
    assertThat(back.response().headers().allValues("set-cookie"))
        .anyMatch(cookie -> cookie.startsWith("parley_session="));
  }

  @Test
  void whoIsNotIsSentToThePageOnWhichToTryAgain() {
    TestChat.Browser browser = server.browser();
    URI departure = departure(browser);
    String state = StubProvider.parameters(departure).get("state");
    assertThat(location(browser.get("/oidc/corp/callback?state=" + state))).isEqualTo("refused");
    assertThat(location(browser.get("/oidc/corp/callback?state=another&code=1")))
        .isEqualTo("refused");
    assertThat(location(server.browser().get(callback(departure)))).isEqualTo("refused");
  }

  @Test
  void anAddressThatHasAnAccountIsSaidToBeTaken() {
    accounts.signUp("ada@example.com", "Ada", "correct horse", Optional.empty(), "127.0.0.1");
    TestChat.Browser browser = server.browser();
    assertThat(location(browser.get(callback(departure(browser))))).isEqualTo("taken");
  }

  @Test
  void aProviderThatDoesNotAnswerIsSaidToBeUnreachableAndOneThatIsNoneIsNotFound() {
    provider.close();
    assertThat(location(server.browser().get("/oidc/corp/start"))).isEqualTo("unreachable");
    assertThat(server.browser().get("/oidc/other/start").status()).isEqualTo(404);
  }

  private static URI departure(TestChat.Browser browser) {
    return URI.create(browser.get("/oidc/corp/start").header("location"));
  }

  /** Where the provider sends the person who said yes. */
  private String callback(URI departure) {
    return "/oidc/corp/callback?state=%s&code=%s"
        .formatted(StubProvider.parameters(departure).get("state"), provider.authorize(departure));
  }

  private static String location(TestChat.Answer answer) {
    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.response().headers().allValues("set-cookie"))
        .noneMatch(cookie -> cookie.startsWith("parley_session="));
    return answer.header("location").replace("/sign-in?problem=", "");
  }
}
