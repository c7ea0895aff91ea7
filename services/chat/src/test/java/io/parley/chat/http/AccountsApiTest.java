package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.chat.BodyCipher;
import io.parley.chat.notifications.NotificationChoices;
import io.parley.chat.notifications.NotificationSettings;
import io.parley.chat.notifications.WebhookSecrets;
import io.parley.chat.quota.MessageQuota;
import io.parley.chat.retention.RetentionPolicy;
import io.parley.chat.users.AccountSettings;
import io.parley.chat.users.Accounts;
import io.parley.chat.users.Organisation;
import io.parley.chat.users.PasswordCost;
import io.parley.chat.users.PasswordHasher;
import io.parley.chat.users.UserErasures;
import io.parley.embedded.InProcessEphemeralStore;
import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section "Who" of the API, over HTTP. */
class AccountsApiTest {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private Database database;
  private PasswordHasher passwords;
  private MessageQuota quota;
  private UserErasures erasures;
  private TestChat server;

  @BeforeEach
  void start() {
    SecureRandom random = new SecureRandom();
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    passwords = new PasswordHasher(new PasswordCost(64, 1, 1), random, 1);
    erasures = new UserErasures(database, time);
    quota = new MessageQuota(new InProcessEphemeralStore(time, 1_000), time, 3);
    Accounts accounts =
        new Accounts(
            database,
            time,
            random,
            new Organisation("org_1", "Home"),
            AccountSettings.DEFAULTS,
            passwords);
    AccountRoutes routes =
        new AccountRoutes(
            accounts,
            quota,
            new RetentionPolicy(0, Map.of("org_1", 365)),
            new NotificationChoices(
                new NotificationSettings(true, true, Optional.empty()),
                new WebhookSecrets(database, BodyCipher.PLAIN, random)),
            List.of(new SignInProvider("corp", "Corp SSO")),
            erasures::request);
    List<ChatRoute> all = new ArrayList<>(routes.routes());
    all.add(ChatRoute.signedIn("GET", "/stream", call -> call.streams().begin(call, true)));
    server = new TestChat(all, new AccountSessions(accounts.sessions()));
  }

  @AfterEach
  void stop() {
    server.close();
    passwords.close();
    database.close();
  }

  @Test
  void tellsHowSomebodyMayComeIn() {
    assertThat(server.browser().get("/sign-in").json())
        .hasToString(
            "{\"password\":true,\"sign_up\":true,\"guests\":true,"
                + "\"oidc\":[{\"id\":\"corp\",\"name\":\"Corp SSO\"}]}");
  }

  @Test
  void aGuestSignsUpAndStaysTheSame() {
    TestChat.Browser browser = server.browser();
    TestChat.Answer guest = browser.send("POST", "/guest", "{}");
    assertThat(guest.status()).isEqualTo(201);
    assertThat(guest.json().at("/user/guest").booleanValue()).isTrue();
    assertThat(guest.json().at("/user/email").isNull()).isTrue();
    TestChat.Answer ada = signUp(browser, "ada@example.com");
    assertThat(ada.status()).isEqualTo(201);
    assertThat(ada.json().at("/user/id")).isEqualTo(guest.json().at("/user/id"));
    JsonNode me = browser.get("/me").json();
    assertThat(me.at("/user")).isEqualTo(ada.json().at("/user"));
    assertThat(me.at("/organisation")).hasToString("{\"id\":\"org_1\",\"name\":\"Home\"}");
    assertThat(me.at("/retention_days").intValue()).isEqualTo(365);
    assertThat(me.at("/csrf_token")).isEqualTo(ada.json().at("/csrf_token"));
    assertThat(me.at("/user/created_at").textValue()).isEqualTo("2026-01-01T00:00:00.000Z");
  }

  @Test
  void theCookieIsForThisServerAloneAndNoScript() {
    String cookie = signUp(server.browser(), "ada@example.com").header("set-cookie");
    assertThat(cookie)
        .matches("parley_session=[\\w-]{43}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax");
    String secure =
        server
            .browser()
            .send("POST", "/guest", "{}", "x-forwarded-proto", "https")
            .header("set-cookie");
    assertThat(secure).endsWith("; Secure");
  }

  @Test
  void refusesFormsOfForeignPages() {
    for (String path : List.of("/sign-up", "/login", "/guest")) {
      assertThat(server.browser().send("POST", path, "{}", "sec-fetch-site", "cross-site").status())
          .isEqualTo(403);
    }
  }

  @Test
  void aLogoutEndsTheSessionAndNeedsTheToken() {
    TestChat.Browser browser = server.browser();
    signUp(browser, "ada@example.com");
    assertThat(browser.sendWithoutToken("POST", "/logout", "").status()).isEqualTo(403);
    assertThat(browser.get("/me").status()).isEqualTo(200);
    TestChat.Browser thief = browser.copy();
    assertThat(browser.send("POST", "/logout", "").status()).isEqualTo(204);
    assertThat(browser.get("/me").status()).isEqualTo(401);
    assertThat(thief.get("/me").status()).isEqualTo(401);
    assertThat(login(browser, "correct horse").status()).isEqualTo(200);
    assertThat(browser.get("/me").status()).isEqualTo(200);
  }

  @Test
  void streamsEndWithTheSessionInWhichTheyWereOpened() throws Exception {
    TestChat.Browser browser = server.browser();
    signUp(browser, "ada@example.com");
    TestChat.Browser lost = server.browser();
    login(lost, "correct horse");
    CompletableFuture<String> own = browser.stream("/stream");
    for (String change :
        List.of(
            "POST /logout/others ",
            "PATCH /me {\"password\":{\"old\":\"correct horse\",\"new\":\"correct horse\"}}")) {
      login(lost, "correct horse");
      CompletableFuture<String> stream = lost.stream("/stream");
      String[] request = change.split(" ", 3);
      assertThat(browser.send(request[0], request[1], request[2]).status()).isLessThan(300);
      assertThat(stream.get(30, TimeUnit.SECONDS)).isEmpty();
      assertThat(lost.get("/me").status()).isEqualTo(401);
    }
    assertThat(browser.get("/me").status()).isEqualTo(200);
    assertThat(own).isNotDone();
    browser.send("POST", "/logout", "");
    assertThat(own.get(30, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void tellsWhatIsWrongWithAForm() {
    TestChat.Browser browser = server.browser();
    assertThat(browser.send("POST", "/sign-up", "{\"email\":\"a@b\"}").error())
        .isEqualTo("invalid_request_error name: is missing");
    assertThat(browser.send("POST", "/login", "{\"email\":\"a\",\"password\":\"b\"}").error())
        .startsWith("invalid_request_error email: must be");
    signUp(browser, "ada@example.com");
    assertThat(signUp(server.browser(), "ada@example.com").error()).startsWith("conflict_error");
    assertThat(login(server.browser(), "wrong").error()).startsWith("authentication_error");
  }

  @Test
  void changesNameAndPasswordAndRefusesMailsThatNobodyWouldSend() {
    TestChat.Browser browser = server.browser();
    signUp(browser, "ada@example.com");
    TestChat.Answer changed =
        browser.send(
            "PATCH",
            "/me",
            """
            {"name":"Countess","password":{"old":"correct horse","new":"another one"},
             "notify":{"mail":false,"webhook":null}}
            """);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().at("/name").textValue()).isEqualTo("Countess");
    assertThat(changed.json().at("/notify")).hasToString("{\"mail\":false,\"webhook\":null}");
    assertThat(
            browser.send("PATCH", "/me", "{\"notify\":{\"mail\":true,\"webhook\":null}}").error())
        .isEqualTo("invalid_request_error notify.mail: this server sends no mail");
    assertThat(login(server.browser(), "correct horse").status()).isEqualTo(401);
    assertThat(login(server.browser(), "another one").status()).isEqualTo(200);
    assertThat(
            browser
                .send("PATCH", "/me", "{\"password\":{\"old\":\"x\",\"new\":\"yyyyyyyy\"}}")
                .error())
        .isEqualTo("authentication_error password.old: is not this account's");
    assertThat(browser.send("PATCH", "/me", "{\"password\":{\"old\":\"x\",\"new\":\"y\"}}").error())
        .startsWith("invalid_request_error password.new: must have 8");
  }

  @Test
  void aWebhooksSecretIsShownOnce() {
    TestChat.Browser browser = server.browser();
    signUp(browser, "ada@example.com");
    assertThat(browser.get("/me").json().at("/notify"))
        .hasToString("{\"mail\":false,\"webhook\":true}");
    String first = webhook(browser, "\"http://127.0.0.1:9/a\"");
    assertThat(first).matches("whsec_[\\w-]{43}");
    assertThat(browser.get("/me").json().at("/user/notify/webhook").textValue())
        .isEqualTo("http://127.0.0.1:9/a");
    assertThat(browser.get("/me").text()).doesNotContain("whsec_");
    assertThat(webhook(browser, "\"http://127.0.0.1:9/a\"")).isEmpty();
    assertThat(webhook(browser, "\"http://127.0.0.1:9/b\"")).isNotEmpty().isNotEqualTo(first);
    assertThat(webhook(browser, "null")).isEmpty();
    assertThat(webhook(browser, "\"http://127.0.0.1:9/b\"")).isNotEmpty();
  }

  @Test
  void aChangeThatIsRefusedTakesNoSecretAway() {
    TestChat.Browser browser = server.browser();
    signUp(browser, "ada@example.com");
    assertThat(
            browser
                .send(
                    "PATCH",
                    "/me",
                    """
                    {"notify":{"mail":false,"webhook":"http://127.0.0.1:9/a"},
                     "password":{"old":"wrong one","new":"another one"}}
                    """)
                .status())
        .isEqualTo(401);
    assertThat(webhook(browser, "\"http://127.0.0.1:9/a\"")).isNotEmpty();
  }

  private static String webhook(TestChat.Browser browser, String json) {
    TestChat.Answer changed =
        browser.send(
            "PATCH", "/me", "{\"notify\":{\"mail\":false,\"webhook\":%s}}".formatted(json));
    assertThat(changed.status()).isEqualTo(200);
    return changed.json().at("/webhook_secret").asText();
  }

  @Test
  void showsWhatIsLeftOfTheDay() {
    TestChat.Browser browser = server.browser();
    String id = signUp(browser, "ada@example.com").json().at("/user/id").textValue();
    quota.take(id);
    assertThat(browser.get("/me").json().at("/quota"))
        .hasToString("{\"messages_per_day\":3,\"used\":1}");
  }

  @Test
  void anErasureNeedsThePasswordAndLocksOutAtOnce() {
    TestChat.Browser browser = server.browser();
    String id = signUp(browser, "ada@example.com").json().at("/user/id").textValue();
    assertThat(browser.send("DELETE", "/me", "").status()).isEqualTo(401);
    assertThat(browser.send("DELETE", "/me", "{\"password\":\"correct horse\"}").status())
        .isEqualTo(202);
    assertThat(browser.get("/me").status()).isEqualTo(401);
    assertThat(login(browser, "correct horse").status()).isEqualTo(401);
    assertThat(erasures.pending()).containsExactly(id);
    assertThat(signUp(server.browser(), "ada@example.com").status()).isEqualTo(201);
  }

  private static TestChat.Answer signUp(TestChat.Browser browser, String email) {
    return browser.send(
        "POST",
        "/sign-up",
        "{\"email\":\"%s\",\"name\":\"Ada\",\"password\":\"correct horse\"}".formatted(email));
  }

  private static TestChat.Answer login(TestChat.Browser browser, String password) {
    return browser.send(
        "POST",
        "/login",
        "{\"email\":\"ada@example.com\",\"password\":\"%s\"}".formatted(password));
  }
}
