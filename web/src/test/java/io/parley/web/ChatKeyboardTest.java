package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The app without a pointer, and as a screen reader knows it. */
class ChatKeyboardTest {
  private static final String CONTROLS =
      "button:visible, a:visible, select:visible, textarea:visible, input:visible";

  @RegisterExtension final ChatLab lab = new ChatLab();

  private static void press(BrowserPage device, String... keys) {
    for (String key : keys) {
      device.page.keyboard().press(key);
    }
  }

  private BrowserPage inConversation() {
    String id = lab.service().seed("Hills", 4);
    BrowserPage device = lab.device().enter();
    device.open("/c/" + id);
    assertThat(device.answers()).hasCount(2);
    return device;
  }

  @Test
  void aSearchLeadsToAMessageInTheMiddleOfAHistory() {
    lab.service().seed("Long", 2_000);
    BrowserPage device = lab.device().enter();
    press(device, "Control+k");
    device.named(AriaRole.COMBOBOX, "Search in all conversations").fill("Question 4");
    assertThat(device.page.locator("#hits li")).hasCount(20);
    press(device, "ArrowDown", "ArrowDown");
    Locator chosen = device.page.locator("#hits li[aria-selected=true] .snippet");
    assertThat(chosen).hasText("Question 42");
    press(device, "Enter");
    Locator found = device.page.locator(".found .said");
    assertThat(found).hasText("Question 42");
    assertThat(found).isInViewport();
    assertThat(device.page.locator("article:has(.found)")).isFocused();
    device.button("To the newest message").click();
    assertThat(device.answers().last()).containsText("Answer 1999");
  }

  @Test
  void aSearchIsNarrowedToWhoSaidIt() {
    lab.service().seed("Long", 20);
    BrowserPage device = lab.device().enter();
    press(device, "Control+k");
    device.named(AriaRole.COMBOBOX, "Search in all conversations").fill("n 1");
    assertThat(device.page.locator("#hits li")).hasCount(5);
    device.page.getByLabel("Said by").selectOption("assistant");
    device.sees("Nothing was found.");
    press(device, "Escape");
    assertThat(device.page.locator("dialog")).hasCount(0);
  }

  @Test
  void theSearchOpensAndClosesByItsShortcutAndGivesTheFocusBack() {
    BrowserPage device = inConversation();
    assertThat(device.box()).isFocused();
    press(device, "Control+k");
    assertThat(device.named(AriaRole.COMBOBOX, "Search in all conversations")).isFocused();
    press(device, "Control+k");
    assertThat(device.page.locator("dialog")).hasCount(0);
    assertThat(device.box()).isFocused();
  }

  @Test
  void aMenuIsWalkedByArrowKeysAndGivesTheFocusBack() {
    BrowserPage device = inConversation();
    Locator more = device.named(AriaRole.BUTTON, "More");
    more.focus();
    press(device, "Enter");
    assertThat(more).hasAttribute("aria-expanded", "true");
    assertThat(device.named(AriaRole.MENUITEM, "Rename")).isFocused();
    press(device, "ArrowDown");
    assertThat(device.named(AriaRole.MENUITEM, "Share a link")).isFocused();
    press(device, "ArrowUp", "ArrowUp");
    assertThat(device.named(AriaRole.MENUITEM, "Delete")).isFocused();
    press(device, "ArrowDown");
    assertThat(device.named(AriaRole.MENUITEM, "Rename")).isFocused();
    press(device, "End", "Escape");
    assertThat(more).isFocused();
    assertThat(more).hasAttribute("aria-expanded", "false");
  }

  @Test
  void aDialogTakesTheFocusAndGivesItBack() {
    BrowserPage device = inConversation();
    Locator more = device.named(AriaRole.BUTTON, "More");
    more.focus();
    press(device, "Enter", "Enter");
    assertThat(device.page.getByLabel("Title")).isFocused();
    press(device, "Escape");
    assertThat(device.page.locator("dialog")).hasCount(0);
    assertThat(more).isFocused();
    Locator details = device.named(AriaRole.BUTTON, "Settings of this conversation");
    details.focus();
    press(device, "Enter");
    assertThat(device.page.getByLabel("Instructions for the model")).isFocused();
    for (int i = 0; i < 12; i++) {
      press(device, "Tab");
      assertThat(device.page.evaluate("document.activeElement.closest('main, aside') === null"))
          .isEqualTo(true);
    }
    press(device, "Escape");
    assertThat(details).isFocused();
  }

  @Test
  void aMessageIsWrittenOverSeveralLinesAndEditedWithoutAPointer() {
    BrowserPage device = lab.device().enter();
    device.page.keyboard().type("One");
    press(device, "Shift+Enter");
    device.page.keyboard().type("Two");
    press(device, "Enter");
    assertThat(device.said()).hasText("One\nTwo");
    device.settles();
    assertThat(device.box()).isFocused();
    device.named(AriaRole.BUTTON, "Edit and send again").focus();
    press(device, "Enter");
    Locator editor = device.page.getByLabel("Your message");
    assertThat(editor).isFocused();
    press(device, "Escape");
    assertThat(editor).hasCount(0);
    device.named(AriaRole.BUTTON, "Edit and send again").focus();
    press(device, "Enter");
    editor.fill("Three");
    press(device, "Control+Enter");
    assertThat(device.said()).hasText("Three");
  }

  @Test
  void theLinkPastTheListShowsWhenItIsReachedAndLeadsToTheMessageBox() {
    BrowserPage device = inConversation();
    Locator link = device.named(AriaRole.LINK, "To the message box");
    assertThat(link).not().isInViewport();
    link.focus();
    assertThat(link).isInViewport();
    press(device, "Enter");
    assertThat(device.box()).isFocused();
  }

  @Test
  void everythingThatCanBePressedHasAName() {
    BrowserPage device = inConversation();
    device.choose("Rename");
    press(device, "Escape");
    assertThat(device.page.locator("main, aside").locator(CONTROLS).all())
        .allSatisfy(
            control ->
                assertThat(control).hasAccessibleName(java.util.regex.Pattern.compile("\\S")));
    assertThat(device.named(AriaRole.FEED, "Messages")).isVisible();
    assertThat(device.page.getByRole(AriaRole.ARTICLE, new Page.GetByRoleOptions())).hasCount(4);
    assertThat(device.page.locator("article").first()).hasAccessibleName("You");
    assertThat(device.page.locator("article").last()).hasAccessibleName("Parley Base");
  }

  @Test
  void theEndOfAnAnswerIsSpokenAndItsWordsAreNot() {
    BrowserPage device = lab.device().enter();
    device.say("Speak");
    assertThat(device.page.locator("[aria-live]")).containsText("The answer is complete.");
    assertThat(device.page.locator("[aria-live] markdown-body")).hasCount(0);
  }
}
