package io.parley.integration;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chat app, the chat service and a model together, in a browser. What happens when things fail
 * is tested in module web, where the service fails on demand; here it is shown that the parts fit.
 */
class ChatInBrowserTest {
  private static final double PATIENCE_MS = 30_000;
  private static final Path CHROMIUM =
      Path.of(System.getProperty("parley.chromium", "/usr/bin/chromium"));

  @TempDir private Path directory;
  private final List<String> faults = new ArrayList<>();
  private Playwright playwright;
  private Browser browser;

  @BeforeEach
  void startBrowser() {
    assertThat(CHROMIUM)
        .as("this test needs Chromium: apt-get install chromium, or -Dparley.chromium=PATH")
        .matches(Files::isExecutable);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
  }

  @AfterEach
  void closeBrowser() {
    playwright.close();
  }

  private Page device(BrowserContext context) {
    Page page = context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    page.onPageError(error -> faults.add("error: " + error));
    page.onConsoleMessage(
        message -> {
          if (message.text().contains("Content Security Policy")) {
            faults.add("policy: " + message.text());
          }
        });
    return page;
  }

  @Test
  void aGuestTalksOnTwoDevicesWhileTheServerIsKilledAndComesBack() throws Exception {
    try (BrowserContext context = browser.newContext();
        RunningParley parley = RunningParley.start(directory)) {
      Page first = device(context);
      first.navigate(parley.url() + "/");
      first.getByText("Start talking").click();
      say(first, "What is the capital of France?");
      settles(first, 1);
      Page second = device(context);
      second.navigate(first.url());
      settles(second, 1);
      assertThat(answer(second)).hasText(answer(first).textContent());

      say(second, "What is 2 plus 3?");
      settles(second, 2);
      settles(first, 2);
      assertThat(answer(first)).hasText(answer(second).textContent());
      List<String> before = first.locator(".said, markdown-body").allTextContents();
      parley.kill();
      assertThat(first.locator(".connection")).isVisible();
      first.locator("message-composer textarea").fill("What is the capital of Italy?");
      first.keyboard().press("Enter");
      assertThat(first.getByText("Waiting for the connection")).isVisible();
      try (RunningParley again = RunningParley.start(directory, parley.port())) {
        settles(first, 3);
        settles(second, 3);
        List<String> after = first.locator(".said, markdown-body").allTextContents();
        assertThat(after).hasSize(6).startsWith(before.toArray(String[]::new));
        assertThat(second.locator(".said, markdown-body").allTextContents()).isEqualTo(after);
        assertThat(again.get("/readyz").statusCode()).isEqualTo(200);
      }
    }
    assertThat(faults).isEmpty();
  }

  /** The random model writes for seconds, so that there is time to kill the server meanwhile. */
  private String[] talkative() throws IOException {
    Path model = RandomModel.write(directory.resolve("random.gguf"), 8_192);
    return new String[] {"--model", "random=" + model};
  }

  @Test
  void anAnswerGoesOnByItselfWhenTheServerWasKilledWhileTwoDevicesWatched() throws Exception {
    String[] arguments = talkative();
    try (BrowserContext context = browser.newContext();
        RunningParley parley = RunningParley.start(directory, arguments)) {
      Page first = device(context);
      first.navigate(parley.url() + "/");
      first.getByText("Start talking").click();
      first.getByLabel("Model", new Page.GetByLabelOptions().setExact(true)).selectOption("random");
      say(first, "Talk");
      assertThat(answer(first)).hasText(Pattern.compile(".{20}", Pattern.DOTALL), soon());
      Page second = device(context);
      second.navigate(first.url());
      assertThat(answer(second)).hasText(Pattern.compile(".{20}", Pattern.DOTALL), soon());
      String begun = Objects.requireNonNull(answers(first).getFirst().get("text"));
      parley.kill();
      try (RunningParley again = RunningParley.start(directory, parley.port(), arguments)) {
        completes(first);
        settles(first, 1);
        settles(second, 1);
        List<Map<String, String>> answers = answers(first);
        assertThat(answers).hasSize(1);
        assertThat(answers.getFirst().get("text")).startsWith(begun.stripTrailing());
        String shown = answer(first).textContent();
        assertThat(answer(second)).hasText(shown);
        first.reload();
        assertThat(answer(first)).hasText(shown);
        assertThat(again.get("/readyz").statusCode()).isEqualTo(200);
      }
    }
    assertThat(faults).isEmpty();
  }

  /** Between the answer that broke off and the one that goes on a page may look settled. */
  private static void completes(Page page) {
    page.waitForCondition(
        () ->
            answers(page).stream()
                .allMatch(answer -> Objects.equals(answer.get("status"), "complete")));
  }

  /** The answers of the conversation that is shown, as the server has them. */
  @SuppressWarnings("unchecked")
  private static List<Map<String, String>> answers(Page page) {
    Object found =
        page.evaluate(
            """
            async () => {
              const id = location.pathname.split('/')[2];
              const {data} = await (await fetch(`/chat/v1/conversations/${id}/messages`)).json();
              return data.filter(({role}) => role === 'assistant').map(({status, content}) =>
                ({status, text: content.map(({text}) => text).join('')}));
            }
            """);
    return (List<Map<String, String>>) found;
  }

  @Test
  void somebodyMakesAnAccountAndComesBackByItsPassword() {
    try (BrowserContext context = browser.newContext();
        RunningParley parley = RunningParley.start(directory)) {
      Page page = device(context);
      page.navigate(parley.url() + "/sign-in");
      page.getByText("Create an account").last().click();
      page.getByLabel("Name").fill("Ada Lovelace");
      page.getByLabel("Mail address").fill("ada@example.com");
      page.getByLabel("Password").fill("short");
      page.keyboard().press("Enter");
      assertThat(page.getByText("Must have 8 to 256 characters.")).isVisible();
      page.getByLabel("Password").fill("correct horse");
      page.keyboard().press("Enter");
      say(page, "What is the capital of France?");
      settles(page, 1);
      page.locator(".who .row").click();
      page.getByText("Sign out").click();
      page.getByText("Sign in").first().click();
      page.getByLabel("Mail address").fill("ada@example.com");
      page.getByLabel("Password").fill("wrong horse");
      page.keyboard().press("Enter");
      assertThat(page.getByText("There is no account with this address and password.")).isVisible();
      page.getByLabel("Password").fill("correct horse");
      page.keyboard().press("Enter");
      assertThat(page.locator(".who .name")).hasText("Ada Lovelace");
      page.locator(".sidebar .list a").first().click();
      assertThat(page.locator(".said")).hasText("What is the capital of France?");
      assertThat(page.locator("markdown-body")).containsText("Paris");
    }
    assertThat(faults).isEmpty();
  }

  private static void say(Page page, String text) {
    Locator box = page.locator("message-composer textarea");
    box.fill(text);
    box.press("Enter");
  }

  /** Waits until so many answers are there and none is under way. */
  private static void settles(Page page, int answers) {
    assertThat(page.locator("markdown-body")).hasCount(answers, within());
    assertThat(page.locator("markdown-body.streaming")).hasCount(0, within());
    assertThat(page.getByLabel("Stop the answer")).hasCount(0, within());
  }

  private static HasCountOptions within() {
    return new HasCountOptions().setTimeout(60_000);
  }

  private static HasTextOptions soon() {
    return new HasTextOptions().setTimeout(30_000);
  }

  private static Locator answer(Page page) {
    return page.locator("markdown-body").last();
  }
}
