package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The operator console in a browser. At the end of each test the page may have had no error, no
 * breach of its policy, and no request to another host.
 */
class OperatorConsoleTest {
  private static Chromium chromium;
  private static OperationsStub server;
  private BrowserPage device;

  @BeforeAll
  static void start() {
    chromium = new Chromium();
    server = new OperationsStub();
  }

  @AfterAll
  static void stop() {
    chromium.close();
    server.close();
  }

  @BeforeEach
  void open() {
    device = chromium.device(server.url());
  }

  @AfterEach
  void isSound() {
    device.isSound();
    device.close();
  }

  private Page console(int width, int height) {
    device.page.setViewportSize(width, height);
    return device.open("/operator").page;
  }

  private Page signedIn(int width, int height) {
    Page page = console(width, height);
    page.getByLabel("Operations key").fill(OperationsStub.KEY);
    page.getByText("Sign in").click();
    assertThat(page.locator(".live")).containsText("live");
    return page;
  }

  @Test
  void aWrongKeyIsRefusedInTheServersWords() {
    Page page = console(1280, 800);
    page.getByLabel("Operations key").fill("sk-parley-ops-wrong");
    page.getByText("Sign in").click();
    assertThat(page.getByRole(com.microsoft.playwright.options.AriaRole.ALERT))
        .hasText("invalid x-api-key");
    assertThat(page.evaluate("sessionStorage.length")).isEqualTo(0);
  }

  @Test
  void theOverviewShowsEverythingLive() {
    Page page = signedIn(1280, 900);
    assertThat(page.locator(".plot")).hasCount(4);
    assertThat(page.getByText("org_01HX3TQ8AJ4WAITS")).isVisible();
    assertThat(page.getByText("circuit open")).isVisible();
    assertThat(page.getByText("8.12 spent of 10.00")).isVisible();
    assertThat(page.locator(".badge.bad", new Page.LocatorOptions().setHasText("page")))
        .hasCount(1);
    device.hasNoBarrier("overview");
  }

  @Test
  void organisationsHaveTheirNamesAndTheirIdsUnderThem() {
    Page page = signedIn(1280, 900);
    assertThat(page.getByText("Acme & <Sons>")).isVisible();
    assertThat(page.locator(".row .organisation")).hasAttribute("title", "org_01HX3TQ8AJ4WAITS");
    assertThat(page.locator(".use .organisation")).containsText("Globex");
    assertThat(page.locator(".use .organisation .small")).hasText("org_01HX3TQ8AJ4SPENDS");
  }

  @Test
  void theLatestErrorsAreOnTheOverviewAndLeadToTheirWaterfalls() {
    Page page = signedIn(1280, 900);
    var errors =
        page.locator("section.card", new Page.LocatorOptions().setHasText("Recent errors"));
    assertThat(errors.locator("tbody tr")).hasCount(2);
    assertThat(errors.locator("tbody tr").nth(0)).containsText("<b>Internal</b> error");
    assertThat(errors.locator("tbody tr").nth(0)).containsText("Globex");
    assertThat(errors.locator("tbody tr").nth(1)).containsText("authentication error");
    assertThat(errors.locator("tbody tr").nth(1)).containsText("unknown");
    errors.locator("a").first().click();
    assertThat(page.locator(".waterfall li")).hasCount(7);
    assertThat(page.locator(".facts .organisation")).containsText("Globex");
  }

  @Test
  void aChartSaysItsFiguresUnderThePointer() {
    Page page = signedIn(1280, 900);
    page.locator(".plot").first().hover();
    assertThat(page.locator(".readout").first()).containsText("server errors");
  }

  @Test
  void aStreamThatBreaksIsTriedAgain() {
    Page page = signedIn(1280, 900);
    server.cut();
    assertThat(page.locator(".live.off")).isVisible();
    assertThat(page.locator(".live.on")).isVisible();
  }

  @Test
  void anErrorLeadsToItsWaterfallAndItsWordsStayText() {
    Page page = signedIn(1280, 900);
    page.getByText("Requests", new Page.GetByTextOptions().setExact(true)).click();
    assertThat(page.getByText("<b>Internal</b> error")).isVisible();
    page.getByText("J4M2FAILED".substring(2)).click();
    assertThat(page.locator(".waterfall li")).hasCount(7);
    assertThat(page.locator(".waterfall li").nth(5)).containsText("950 ms");
    device.hasNoBarrier("waterfall");
  }

  @Test
  void aRequestThatIsNotKnownIsSaidSo() {
    Page page = signedIn(1280, 900);
    page.getByText("Requests", new Page.GetByTextOptions().setExact(true)).click();
    page.getByLabel("Request id").fill("req_unknown");
    page.getByText("Show", new Page.GetByTextOptions().setExact(true)).click();
    assertThat(page.getByText("it is too long ago")).isVisible();
  }

  @Test
  void signingOutForgetsTheKey() {
    Page page = signedIn(1280, 900);
    page.getByText("Sign out").click();
    assertThat(page.getByLabel("Operations key")).isVisible();
    assertThat(page.evaluate("sessionStorage.length")).isEqualTo(0);
  }

  @Test
  void itFitsAPhoneInTheDark() {
    Page page = signedIn(390, 844);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    assertThat(device.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
    device.hasNoBarrier("phone, dark");
    page.screenshot(
        new Page.ScreenshotOptions()
            .setFullPage(true)
            .setPath(Path.of("target/operator-phone-dark.png")));
    page.navigate(server.url() + "/operator#/requests/" + OperationsStub.FAILED);
    assertThat(page.locator(".waterfall li")).hasCount(7);
    assertThat(device.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
  }
}
