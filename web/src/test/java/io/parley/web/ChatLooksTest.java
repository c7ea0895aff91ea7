package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How the pages look: on a desk and on a phone, light and dark, each view fits its width and has no
 * barrier that axe calls serious. The pictures in {@code target/screenshots} are for people.
 */
class ChatLooksTest {
  private static final String ANSWER =
      """
      A list is **sorted** when each item is at most the next. The shortest way in Java:

      ```java
      List<String> names = new ArrayList<>(List.of("Mary", "Ada", "Grace"));
      names.sort(Comparator.naturalOrder()); // in place, stable
      ```

      It takes $O(n \\log n)$ comparisons, whatever the order was before:

      | method | order kept | time |
      |---|---|--:|
      | `List.sort` | yes | 12 ms |
      | `Arrays.parallelSort` | yes | 5 ms |
      | heap, by hand | no | 31 ms |

      1. Copy the list first if others read it.
      2. Name the order: `Comparator.comparing(Person::name)`.

      > Sorting what is sorted already costs almost nothing.
      """;

  @RegisterExtension final ChatLab lab = new ChatLab();

  /** A device in one of its looks. */
  private record View(BrowserPage device, String suffix, boolean examined) {
    /** What is shown is as it should be, and there is a picture of it. */
    void look(String name) {
      assertThat(device.number("document.documentElement.scrollWidth - innerWidth"))
          .as(name)
          .isLessThanOrEqualTo(0);
      device.shot(name + suffix);
      if (examined) {
        device.hasNoBarrier(name + suffix);
      }
    }
  }

  private View open(int width, int height, ColorScheme scheme) {
    BrowserPage device = lab.device(width, height);
    device.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    String suffix = "-%d-%s".formatted(width, scheme.name().toLowerCase(Locale.ROOT));
    // What depends on colours is examined in both; what depends on the width is seen to fit.
    return new View(device, suffix, width > 1000 || scheme == ColorScheme.LIGHT);
  }

  @ParameterizedTest
  @CsvSource({"1280, 820, LIGHT", "1280, 820, DARK", "390, 844, LIGHT", "390, 844, DARK"})
  void comingIn(int width, int height, ColorScheme scheme) {
    lab.service().people(people -> people.offer("corp", "Example"));
    lab.service().people(people -> people.name("ada@example.com", "Ada Lovelace", "correct horse"));
    View view = open(width, height, scheme);
    BrowserPage device = view.device();
    device.open("/");
    device.sees("Start talking");
    view.look("first");
    device.named(AriaRole.BUTTON, "Sign in").click();
    device.page.getByLabel("Mail address").fill("ada@example.com");
    device.page.getByLabel("Password").fill("wrong");
    device.page.keyboard().press("Enter");
    device.sees("There is no account");
    view.look("sign-in");
    device.button("Create an account").click();
    device.page.getByLabel("Name").fill("Ada");
    device.page.getByLabel("Mail address").fill(StubAccounts.TAKEN);
    device.page.getByLabel("Password").fill("correct horse");
    device.page.keyboard().press("Enter");
    device.sees("This address has an account already");
    view.look("sign-up");
    device.button("Go on as a guest").click();
    assertThat(device.page.locator(".welcome")).isVisible();
    view.look("empty");
    device.button("Settings of this conversation").click();
    view.look("details-of-a-new-one");
    device.page.keyboard().press("Escape");
    if (width < 1000) {
      device.button("Open the list of conversations").click();
    }
    device.chooseOfMine("Settings");
    view.look("settings");
    device.named(AriaRole.BUTTON, "Delete everything of mine").click();
    device.sees("Nobody can bring them back");
    view.look("erase");
  }

  @ParameterizedTest
  @CsvSource({"1280, 820, LIGHT", "390, 844, DARK"})
  void anAccount(int width, int height, ColorScheme scheme) {
    lab.service().people(people -> people.name("ada@example.com", "Ada Lovelace", "correct horse"));
    View view = open(width, height, scheme);
    BrowserPage device = view.device();
    device.open("/");
    device.named(AriaRole.BUTTON, "Sign in").click();
    device.page.getByLabel("Mail address").fill("ada@example.com");
    device.page.getByLabel("Password").fill("correct horse");
    device.page.keyboard().press("Enter");
    assertThat(device.page.locator(".welcome")).isVisible();
    if (width < 1000) {
      device.button("Open the list of conversations").click();
    }
    device.chooseOfMine("Settings");
    view.look("account");
    device.named(AriaRole.BUTTON, "Delete everything of mine").scrollIntoViewIfNeeded();
    view.look("account-below");
  }

  @ParameterizedTest
  @CsvSource({"1280, 820, LIGHT", "1280, 820, DARK", "390, 844, LIGHT", "390, 844, DARK"})
  void talking(int width, int height, ColorScheme scheme) {
    lab.service().seed("Hills in the evening", 2);
    lab.service().seed("A letter to the landlord about the heating that does not heat", 2);
    lab.service().seed("What to cook on Sunday", 6);
    View view = open(width, height, scheme);
    BrowserPage device = view.device();
    device.enter();
    device.page.locator("input[type=file]").setInputFiles(Pictures.evening());
    assertThat(device.page.locator(".composer img")).hasCount(1);
    device.box().fill("How do I sort a list in Java? And when was this taken?");
    view.look("writing");
    lab.service().answers(ANSWER);
    lab.service().holdAt(330);
    device.page.locator("message-composer .round").click();
    device.sees("comparisons, whatever");
    view.look("streaming");
    lab.service().release();
    device.settles();
    assertThat(device.answers().locator(".formula")).hasCount(1);
    view.look("conversation");
    device.page.locator("virtual-list").evaluate("list => { list.scrollTop = 0; }");
    view.look("conversation-top");
    device.named(AriaRole.BUTTON, "More").click();
    view.look("menu");
    device.named(AriaRole.MENUITEM, "Share a link").click();
    device.button("Make a link").click();
    String link = device.page.getByLabel("Link", exactly()).inputValue();
    view.look("share");
    device.page.keyboard().press("Escape");
    device.button("Settings of this conversation").click();
    view.look("details");
    device.page.keyboard().press("Escape");
    device.page.keyboard().press("Control+k");
    device.page.getByPlaceholder("Search in all conversations").fill("Answer");
    assertThat(device.page.locator("#hits li").first()).isVisible();
    view.look("search");
    device.page.keyboard().press("Escape");
    if (width < 1000) {
      device.button("Open the list of conversations").click();
      view.look("list");
    }
    device.page.navigate(link);
    device.sees("Shared to read");
    view.look("shared");
  }

  private static Page.GetByLabelOptions exactly() {
    return new Page.GetByLabelOptions().setExact(true);
  }

  @ParameterizedTest
  @CsvSource({"1280, 820, LIGHT", "390, 844, DARK"})
  void trouble(int width, int height, ColorScheme scheme) {
    View view = open(width, height, scheme);
    BrowserPage device = view.device();
    device.enter();
    lab.service().holdAt(ChatLab.MIDDLE);
    device.say("Will this hold?");
    assertThat(device.answers()).containsText(ChatLab.HALFWAY);
    device.open("/");
    assertThat(device.page.locator(".welcome")).isVisible(); // it is in, and not on its way
    lab.service().die();
    device.sees("The connection is lost");
    view.look("lost");
    lab.service().listen();
    assertThat(device.page.locator(".connection")).hasCount(0);
    device.page.goBack();
    device.sees("This answer broke off");
    view.look("broken-off");
  }

  @Test
  void theThemeThatIsChosenHoldsBeforeTheFirstPaintOfTheNextVisit() {
    BrowserPage device = lab.device().enter();
    String ground = "getComputedStyle(document.body).backgroundColor";
    Object light = device.page.evaluate(ground);
    device.page.locator(".who .row").click();
    device.named(AriaRole.MENUITEMRADIO, "Dark").click();
    Object dark = device.page.evaluate(ground);
    assertThat(dark).isNotEqualTo(light);
    device.page.reload();
    assertThat(device.page.evaluate(ground)).isEqualTo(dark);
    device.page.locator(".who .row").click();
    assertThat(device.named(AriaRole.MENUITEMRADIO, "Dark")).isChecked();
    device.named(AriaRole.MENUITEMRADIO, "Like the system").click();
    assertThat(device.page.evaluate(ground)).isEqualTo(light);
  }

  @Test
  void aVeryNarrowPhoneShowsEverythingWithinItsWidth() {
    lab.service().seed("A conversation with a rather long title that needs room", 40);
    BrowserPage phone = lab.device(360, 740).enter();
    phone.button("Open the list of conversations").click();
    phone.page.locator(".sidebar li a").first().click();
    assertThat(phone.page.locator(".sidebar.open")).hasCount(0);
    lab.service().answers("```text\n" + "a very long line ".repeat(30) + "\n```");
    phone.say("Show a long line");
    phone.settles();
    assertThat(phone.number("document.documentElement.scrollWidth - innerWidth")).isZero();
    assertThat(phone.number("document.querySelector('virtual-list').scrollWidth - innerWidth"))
        .isLessThanOrEqualTo(0);
  }
}
