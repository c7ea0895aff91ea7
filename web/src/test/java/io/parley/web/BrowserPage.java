package io.parley.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One device with the chat app on it, and what went wrong there. */
final class BrowserPage implements AutoCloseable {
  /** For whatever a page is to do or to show; machines may be busy. */
  private static final double PATIENCE_MS = 15_000;

  static {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
  }

  private final BrowserContext context;
  private final String url;
  private final List<String> faults = new ArrayList<>();
  final Page page;

  BrowserPage(BrowserContext context, String url) {
    this.context = context;
    this.url = url;
    this.page = context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.onPageError(error -> faults.add("error: " + error));
    page.onConsoleMessage(
        message -> {
          if (message.text().contains("Content Security Policy")) {
            faults.add("policy: " + message.text());
          }
        });
    page.onRequest(
        request -> {
          if (request.url().startsWith("http") && !request.url().startsWith(url)) {
            faults.add("another host: " + request.url());
          }
        });
  }

  BrowserContext context() {
    return context;
  }

  BrowserPage open(String path) {
    page.navigate(url + path);
    return this;
  }

  /** Goes in with the one click that a newcomer needs. */
  BrowserPage enter() {
    open("/");
    button("Start talking").click();
    PlaywrightAssertions.assertThat(box()).isFocused();
    return this;
  }

  Locator button(String name) {
    return page.getByLabel(name, new Page.GetByLabelOptions().setExact(true))
        .or(page.getByText(name, new Page.GetByTextOptions().setExact(true)))
        .first();
  }

  Locator box() {
    return page.locator("message-composer textarea");
  }

  Locator answers() {
    return page.locator("markdown-body");
  }

  Locator said() {
    return page.locator(".message.user:not(.pending) .said");
  }

  void say(String text) {
    box().fill(text);
    box().press("Enter");
  }

  /** Waits until the last answer shows this text, all of it and nothing else. */
  void seesAnswer(String text) {
    PlaywrightAssertions.assertThat(answers().last()).hasText(text);
  }

  void sees(String text) {
    PlaywrightAssertions.assertThat(page.getByText(text).first()).isVisible();
  }

  /** Waits until no answer is under way. */
  void settles() {
    PlaywrightAssertions.assertThat(page.getByLabel("Stop the answer")).hasCount(0);
  }

  /** An element as a screen reader knows it, by its exact name. */
  Locator named(AriaRole role, String name) {
    return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  Locator dialog(String name) {
    return named(AriaRole.DIALOG, name);
  }

  /** Opens the menu of the conversation that is shown, and takes an item. */
  void choose(String item) {
    named(AriaRole.BUTTON, "More").click();
    named(AriaRole.MENUITEM, item).click();
  }

  /** Opens the menu of the user, and takes an item. */
  void chooseOfMine(String item) {
    page.locator(".who .row").click();
    named(AriaRole.MENUITEM, item).click();
  }

  /** Keeps a picture of the page for people to look at, in {@code target/screenshots}. */
  void shot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setAnimations(ScreenshotAnimations.DISABLED)
            .setPath(Path.of("target/screenshots", name + ".png")));
  }

  String conversation() {
    return URI.create(page.url()).getPath().replaceFirst("/c/", "");
  }

  /** Fails if the page has a barrier that axe calls serious or critical. */
  void hasNoBarrier(String where) {
    // A colour on its way to another has a contrast that nobody sees.
    page.waitForFunction(
        "() => document.getAnimations().every("
            + "a => a.playState !== 'running' || a.effect.getComputedTiming().endTime === Infinity)");
    page.evaluate(AXE);
    Object found =
        page.evaluate(
            """
            async () => (await axe.run(document, {resultTypes: ['violations']})).violations
              .filter(({impact}) => impact === 'serious' || impact === 'critical')
              .map(({id, nodes}) => `${id}: ${nodes.map((n) => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | ')}`)
            """);
    assertThat((List<?>) found).as(where).isEmpty();
  }

  /** Fails if anything went wrong on this device so far. */
  void isSound() {
    assertThat(faults).isEmpty();
  }

  int number(String script) {
    return ((Number) page.evaluate(script)).intValue();
  }

  void cutNetwork(boolean cut) {
    context.setOffline(cut);
  }

  @Override
  public void close() {
    context.close();
  }

  private static final String AXE = axe();

  private static String axe() {
    String path = "META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    try (InputStream script = BrowserPage.class.getClassLoader().getResourceAsStream(path)) {
      if (script == null) {
        throw new IllegalStateException("the class path has no " + path);
      }
      String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      return "() => { " + text + "; window.axe = axe; }";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, String> withoutDownloads() {
    return Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
  }
}
