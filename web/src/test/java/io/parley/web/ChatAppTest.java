package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The chat app in a browser, while the service behind it does what services do: it is slow, it
 * dies, it is asked by two devices at once. Texts are compared to the last character: nothing may
 * be missing, doubled or out of order. At the end of each test no page may have had an error, a
 * breach of its policy, or a request to another host.
 */
class ChatAppTest {
  private static final String WORDS =
      IntStream.range(0, 120).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
  private static final int MIDDLE = 200;

  private static Chromium chromium;
  private final List<BrowserPage> devices = new ArrayList<>();
  private ChatStub service;

  @BeforeAll
  static void startBrowser() {
    chromium = new Chromium();
  }

  @AfterAll
  static void closeBrowser() {
    chromium.close();
  }

  @BeforeEach
  void startService() {
    service = new ChatStub();
    service.answers(WORDS);
  }

  @AfterEach
  void close() {
    try {
      devices.forEach(BrowserPage::isSound);
    } finally {
      devices.forEach(BrowserPage::close);
      service.close();
    }
  }

  private BrowserPage device() {
    devices.add(chromium.device(service.url()));
    return devices.getLast();
  }

  @Test
  void aNewcomerTalksAfterOneClick() {
    BrowserPage device = device().enter();
    device.say("Hello?");
    device.seesAnswer(WORDS);
    assertThat(device.said()).hasText("Hello?");
    assertThat(service.texts(device.conversation())).containsExactly("Hello?", WORDS);
  }

  @Test
  void aSecondDeviceSeesTheAnswerWhileItIsWritten() {
    service.holdAt(MIDDLE);
    BrowserPage first = device().enter();
    BrowserPage second = device().enter();
    first.say("To both");
    second.page.locator(".sidebar li a").first().click();
    assertThat(second.said()).hasText("To both");
    assertThat(second.answers()).containsText("w40");
    service.release();
    first.seesAnswer(WORDS);
    second.seesAnswer(WORDS);
  }

  @Test
  void anAnswerGoesOnAfterARefreshInItsMiddle() {
    service.holdAt(MIDDLE);
    BrowserPage device = device().enter();
    device.say("Refresh me");
    assertThat(device.answers()).containsText("w40");
    device.page.reload();
    assertThat(device.answers()).containsText("w40");
    service.release();
    device.seesAnswer(WORDS);
  }

  @Test
  void anAnswerGoesOnAfterTheNetworkWasCut() {
    service.holdAt(MIDDLE);
    BrowserPage device = device().enter();
    device.say("Cut me");
    assertThat(device.answers()).containsText("w40");
    device.cutNetwork(true);
    device.sees("The connection is lost");
    service.release();
    device.cutNetwork(false);
    device.seesAnswer(WORDS);
    assertThat(device.page.locator(".connection")).hasCount(0);
  }

  @Test
  void whatAServerHadWrittenWhenItDiedIsKeptAndContinuedByOneClick() {
    service.holdAt(MIDDLE);
    BrowserPage device = device().enter();
    device.say("Die");
    assertThat(device.answers()).containsText("w40");
    service.die();
    device.sees("The connection is lost");
    service.listen();
    device.sees("This answer broke off");
    service.release();
    device.button("Continue").click();
    device.seesAnswer(WORDS);
    assertThat(service.texts(device.conversation())).containsExactly("Die", WORDS);
  }

  @Test
  void aMessageThatIsSentWithoutANetworkGoesOutOnceWhenItIsBack() {
    BrowserPage device = device().enter();
    device.say("First");
    device.seesAnswer(WORDS);
    device.settles();
    device.cutNetwork(true);
    device.say("Second");
    device.sees("Waiting for the connection");
    device.cutNetwork(false);
    assertThat(device.said()).hasText(new String[] {"First", "Second"});
    device.settles();
    assertThat(service.texts(device.conversation()))
        .containsExactly("First", WORDS, "Second", WORDS);
  }

  @Test
  void aMessageWhoseConfirmationWasLostIsNotSentTwice() {
    BrowserPage device = device().enter();
    var losses = new AtomicInteger(2);
    device.page.route(
        "**/messages",
        route -> {
          if (route.request().method().equals("POST") && losses.getAndDecrement() > 0) {
            route.fetch();
            route.abort();
          } else {
            route.resume();
          }
        });
    device.say("Only once");
    device.seesAnswer(WORDS);
    device.settles();
    assertThat(losses.get()).isNegative();
    assertThat(service.texts(device.conversation())).containsExactly("Only once", WORDS);
  }

  @Test
  void whatWasTypedSurvivesAConflictWithAnotherDevice() {
    BrowserPage first = device().enter();
    first.say("One");
    first.seesAnswer(WORDS);
    first.settles();
    BrowserPage second = device();
    second.page.route("**/chat/v1/events", route -> route.abort());
    second.enter().open("/c/" + first.conversation());
    second.seesAnswer(WORDS);
    first.say("Two");
    assertThat(first.answers()).hasCount(2);
    first.seesAnswer(WORDS);
    first.settles();
    second.say("Three");
    second.sees("Your text is back in the box");
    assertThat(second.box()).hasValue("Three");
    assertThat(second.said()).hasText(new String[] {"One", "Two"});
    second.box().press("Enter");
    assertThat(first.said()).hasText(new String[] {"One", "Two", "Three"});
    assertThat(service.texts(first.conversation())).startsWith("One", WORDS, "Two", WORDS, "Three");
  }

  @Test
  void aDraftOutlivesARefreshAndGoesWithItsConversation() {
    service.seed("Older", 2);
    BrowserPage device = device().enter();
    device.box().fill("Not yet sent");
    device.page.reload();
    assertThat(device.box()).hasValue("Not yet sent");
    device.page.getByText("Older").click();
    assertThat(device.box()).hasValue("");
    device.button("New conversation").click();
    assertThat(device.box()).hasValue("Not yet sent");
  }

  @Test
  void anEditStartsABranchAndTheOldOneIsOneClickAway() {
    BrowserPage device = device().enter();
    device.say("First wording");
    device.seesAnswer(WORDS);
    device.settles();
    service.answers("Another answer.");
    device.said().hover();
    device.button("Edit and send again").click();
    device.page.locator(".editor textarea").fill("Second wording");
    device.page.locator(".editor .primary").click();
    device.seesAnswer("Another answer.");
    device.sees("2/2");
    device.button("Version before").click();
    device.seesAnswer(WORDS);
    assertThat(device.said()).hasText("First wording");
    device.page.reload();
    device.seesAnswer(WORDS);
    device.sees("1/2");
  }

  @Test
  void anAnswerCanBeStoppedAndAskedForAgain() {
    service.holdAt(MIDDLE);
    BrowserPage device = device().enter();
    device.say("Stop there");
    assertThat(device.answers()).containsText("w40");
    device.button("Stop the answer").click();
    device.sees("Stopped.");
    service.release();
    service.answers("A new one.");
    device.button("Answer again").click();
    device.seesAnswer("A new one.");
    device.sees("2/2");
  }

  @Test
  void aLongHistoryOpensAtItsEndAndShowsOnlyWhatIsNearTheScreen() {
    String id = service.seed("Long", 10_000);
    BrowserPage device = device().enter();
    device.open("/c/" + id);
    assertThat(device.answers().last()).containsText("Answer 9999");
    String scrollUp =
        """
        async () => {
          const list = document.querySelector('virtual-list');
          let most = 0;
          for (let i = 0; i < 40; i++) {
            list.scrollTop -= 2500;
            await new Promise(requestAnimationFrame);
            await new Promise((resolve) => setTimeout(resolve, 5));
            most = Math.max(most, document.querySelectorAll('article').length);
          }
          return most;
        }
        """;
    assertThat(device.number(scrollUp)).isLessThan(80);
    List<String> shown = device.said().allTextContents();
    assertThat(shown).hasSizeGreaterThan(1);
    List<Integer> numbers =
        shown.stream().map(text -> Integer.valueOf(text.replace("Question ", ""))).toList();
    assertThat(numbers.getFirst()).isLessThan(9_900);
    for (int i = 1; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 2);
    }
    device.button("To the newest message").click();
    device.say("And now?");
    device.seesAnswer(WORDS);
  }

  @Test
  void theReaderOfAnOldMessageStaysThereWhileAnAnswerIsWritten() {
    service.holdAt(MIDDLE);
    String id = service.seed("Long", 200);
    BrowserPage device = device().enter();
    device.open("/c/" + id);
    assertThat(device.answers().last()).containsText("Answer 199");
    device.say("Go on");
    assertThat(device.answers().last()).containsText("w40");
    device.page.locator("virtual-list").evaluate("list => { list.scrollTop -= 1500; }");
    assertThat(device.page.getByLabel("To the newest message")).isVisible();
    String top = "() => Math.round(document.querySelector('article').getBoundingClientRect().top)";
    int before = device.number(top);
    service.release();
    device.settles();
    assertThat(device.number(top)).isEqualTo(before);
  }

  @Test
  void aSearchLeadsToAMessageInTheMiddleOfAHistoryByKeysAlone() {
    service.seed("Long", 2_000);
    BrowserPage device = device().enter();
    device.page.keyboard().press("Control+k");
    device
        .page
        .getByRole(
            com.microsoft.playwright.options.AriaRole.COMBOBOX,
            new com.microsoft.playwright.Page.GetByRoleOptions()
                .setName("Search in all conversations"))
        .fill("Question 4");
    assertThat(device.page.locator("#hits li")).hasCount(20);
    device.page.keyboard().press("ArrowDown");
    device.page.keyboard().press("ArrowDown");
    assertThat(device.page.locator("#hits li[aria-selected=true] .snippet")).hasText("Question 42");
    device.page.keyboard().press("Enter");
    Locator found = device.page.locator(".found .said");
    assertThat(found).hasText("Question 42");
    assertThat(found).isInViewport();
    device.button("To the newest message").click();
    assertThat(device.answers().last()).containsText("Answer 1999");
  }

  @Test
  void whatAModelWritesCannotDoAnything() {
    service.answers(
        """
        <script>alert(1)</script> <img src=x onerror=alert(2)> <b onclick="alert(3)">bold?</b>

        [click](javascript:alert(4)) ![picture](https://example.org/track.png)

        <style>body { display: none }</style>
        <iframe src="https://example.org"></iframe>

        $$\\href{javascript:alert(5)}{x} + \\frac{1}{2}$$

        End of the attack.
        """);
    BrowserPage device = device().enter();
    var dialogs = new AtomicInteger();
    device.page.onDialog(
        (Dialog dialog) -> {
          dialogs.incrementAndGet();
          dialog.dismiss();
        });
    device.say("Attack");
    device.sees("End of the attack.");
    device.settles();
    for (Locator link : device.answers().locator("a").all()) {
      link.click(new Locator.ClickOptions().setTrial(true));
      assertThat(String.valueOf(link.getAttribute("href"))).doesNotStartWith("javascript");
    }
    // The styles of KaTeX are set on its nodes one by one, which the policy allows.
    assertThat(
            device
                .answers()
                .locator(
                    "script, img, iframe, style, b, [onerror], [onclick], [style]:not(.katex *)"))
        .hasCount(0);
    assertThat(dialogs.get()).isZero();
  }

  @Test
  void anAnswerShowsCodeTablesAndMathematics() {
    service.answers(
        """
        Some `code` and **bold** words, at $5 or $6.

        ```java
        int x = 1; // one
        ```

        | a | b |
        |---|--:|
        | 1 | 2 |

        The root $\\sqrt{2}$ and

        $$\\int_0^1 x\\,dx$$
        """);
    BrowserPage device = device().enter();
    device.say("Show me");
    device.settles();
    assertThat(device.answers().locator("figure.code .hljs-comment")).hasText("// one");
    assertThat(device.answers().locator("td[align=right]")).hasText("2");
    assertThat(device.answers().locator(".formula")).hasCount(2);
    assertThat(device.answers().locator("p").first())
        .hasText("Some code and bold words, at $5 or $6.");
    device.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    device.answers().locator(".copy").click();
    assertThat(device.answers().locator(".copy")).containsText("Copied");
    assertThat(device.page.evaluate("() => navigator.clipboard.readText()"))
        .isEqualTo("int x = 1; // one");
  }

  @Test
  void aPictureGoesWithItsMessage() {
    byte[] png =
        Base64.getDecoder()
            .decode(
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    BrowserPage device = device().enter();
    device
        .page
        .locator("input[type=file]")
        .setInputFiles(new FilePayload("dot.png", "image/png", png));
    assertThat(device.page.locator(".composer img")).hasCount(1);
    device.page.reload();
    assertThat(device.page.locator(".composer img")).hasCount(1);
    device.say("What is this?");
    assertThat(device.page.locator(".message.user img")).hasCount(1);
    device.seesAnswer(WORDS);
  }

  @Test
  void aConversationIsRenamedArchivedAndDeleted() {
    service.seed("Old name", 2);
    BrowserPage device = device().enter();
    device.page.getByText("Old name").click();
    device.button("More").click();
    device.page.getByText("Rename").click();
    device.page.locator("dialog input").fill("New name");
    device.page.keyboard().press("Enter");
    assertThat(device.page.locator(".head .title")).hasText("New name");
    device.button("More").click();
    device.page.locator(".menu").getByText("Archive").click();
    assertThat(device.page.locator(".sidebar .list")).not().containsText("New name");
    device.page.locator(".row.archive").click();
    device.page.locator(".sidebar .list").getByText("New name").click();
    device.button("More").click();
    device.page.locator(".menu").getByText("Delete").click();
    device.page.locator("dialog .danger").click();
    assertThat(device.page.locator(".sidebar .list")).not().containsText("New name");
  }

  @Test
  void aPhoneShowsEverythingWithinItsWidth() {
    service.seed("A conversation with a rather long title that needs room", 40);
    devices.add(chromium.device(service.url(), 360, 740));
    BrowserPage phone = devices.getLast().enter();
    phone.button("Open the list of conversations").click();
    phone.page.locator(".sidebar li a").first().click();
    assertThat(phone.page.locator(".sidebar.open")).hasCount(0);
    service.answers("```text\n" + "a very long line ".repeat(30) + "\n```");
    phone.say("Show a long line");
    phone.settles();
    assertThat(phone.number("() => document.documentElement.scrollWidth - innerWidth")).isZero();
    assertThat(
            phone.number("() => document.querySelector('virtual-list').scrollWidth - innerWidth"))
        .isLessThanOrEqualTo(0);
  }

  @Test
  void noPageHasASeriousBarrierInEitherTheme() {
    service.answers(
        "# Head\n\nText with `code` and a [link](https://example.org).\n\n- one\n- two");
    BrowserPage device = device().open("/");
    device.sees("Start talking");
    device.hasNoBarrier("first page");
    device.enter().hasNoBarrier("new conversation");
    device.say("Anything");
    device.settles();
    device.sees("Head");
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      device.page.emulateMedia(
          new com.microsoft.playwright.Page.EmulateMediaOptions().setColorScheme(scheme));
      device.hasNoBarrier("conversation, " + scheme);
      device.button("Settings of this conversation").click();
      device.hasNoBarrier("settings of a conversation, " + scheme);
      device.page.keyboard().press("Escape");
      device.page.keyboard().press("Control+k");
      device.hasNoBarrier("search, " + scheme);
      device.page.keyboard().press("Escape");
    }
  }
}
