package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is done with conversations as a whole. */
class ChatConversationsTest {
  @RegisterExtension final ChatLab lab = new ChatLab();

  private BrowserPage at(String conversation) {
    BrowserPage device = lab.device().enter();
    device.open("/c/" + conversation);
    assertThat(device.answers()).hasCount(1);
    return device;
  }

  private static Locator field(BrowserPage device, String name) {
    return device.page.getByLabel(name, new Page.GetByLabelOptions().setExact(true));
  }

  @Test
  void aConversationIsRenamedArchivedAndDeleted() {
    lab.service().seed("Old name", 2);
    BrowserPage device = lab.device().enter();
    device.page.getByText("Old name").click();
    device.choose("Rename");
    device.page.locator("dialog input").fill("New name");
    device.page.keyboard().press("Enter");
    assertThat(device.page.locator(".head .title")).hasText("New name");
    device.choose("Archive");
    assertThat(device.page.locator(".sidebar .list")).not().containsText("New name");
    device.page.locator(".row.archive").click();
    device.page.locator(".sidebar .list").getByText("New name").click();
    device.choose("Delete");
    device.page.locator("dialog .danger").click();
    assertThat(device.page.locator(".sidebar .list")).not().containsText("New name");
  }

  @Test
  void aConversationIsDownloadedInEitherFormat() throws IOException {
    String id = lab.service().seed("Hills", 2);
    BrowserPage device = at(id);
    Download markdown = device.page.waitForDownload(() -> device.choose("Export as Markdown"));
    assertThat(markdown.suggestedFilename()).isEqualTo(id + ".md");
    assertThat(Files.readString(markdown.path())).isEqualTo("# Hills");
    Download json = device.page.waitForDownload(() -> device.choose("Export as JSON"));
    assertThat(json.suggestedFilename()).isEqualTo(id + ".json");
    assertThat(Files.readString(json.path())).contains("\"title\":\"Hills\"");
  }

  @Test
  void aLinkShowsWhatWasThereWhenItWasMadeUntilSharingEnds() {
    lab.service().answers("An answer of **one** line.");
    BrowserPage device = at(lab.service().seed("Hills", 2));
    device.choose("Share a link");
    device.button("Make a link").click();
    String link = field(device, "Link").inputValue();
    device.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    device.button("Copy the link").click();
    assertThat(device.dialog("Share").getByText("The link is copied.")).isVisible();
    assertThat(device.page.evaluate("() => navigator.clipboard.readText()")).isEqualTo(link);
    device.page.keyboard().press("Escape");
    device.say("Said later");
    device.seesAnswer("An answer of one line.");

    BrowserPage stranger = lab.device();
    stranger.page.navigate(link);
    assertThat(stranger.page.getByRole(AriaRole.HEADING, level(1))).hasText("Hills");
    assertThat(stranger.said()).hasText("Question 0");
    assertThat(stranger.answers()).hasCount(1);
    assertThat(stranger.page.locator("textarea, .tools, .sidebar")).hasCount(0);

    device.choose("Share a link");
    device.button("End sharing").click();
    assertThat(device.button("Make a link")).isVisible();
    stranger.page.reload();
    stranger.sees("This link does not lead anywhere, or sharing has ended.");
  }

  private static Page.GetByRoleOptions level(int level) {
    return new Page.GetByRoleOptions().setLevel(level);
  }

  @Test
  void theModelThatIsChosenAnswersAndIsNamedInWordsForPeople() {
    BrowserPage device = lab.device().enter();
    Locator picker = field(device, "Model");
    assertThat(picker.locator("option")).hasText(new String[] {"Parley Base", "Parley Mini"});
    picker.selectOption("parley-mini");
    device.say("Who are you?");
    device.seesAnswer(ChatLab.WORDS);
    assertThat(device.page.locator(".message.assistant .speaker")).hasText("Parley Mini");
    assertThat(lab.service().conversation(device.conversation()).getString("model"))
        .isEqualTo("parley-mini");
    device.settles();
    picker.selectOption("parley-base");
    device.say("And now?");
    assertThat(device.page.locator(".message.assistant .speaker").last()).hasText("Parley Base");
  }

  @Test
  void instructionsHoldForANewConversationAndAreChangedInIt() {
    BrowserPage device = lab.device().enter();
    Locator instructions = field(device, "Instructions for the model");
    device.button("Settings of this conversation").click();
    instructions.fill("Answer in verse.");
    device.named(AriaRole.BUTTON, "Save").click();
    assertThat(device.page.locator("dialog")).hasCount(0);
    device.say("How are you?");
    device.seesAnswer(ChatLab.WORDS);
    device.settles();
    String id = device.conversation();
    assertThat(lab.service().conversation(id).getString("system")).isEqualTo("Answer in verse.");
    device.button("Settings of this conversation").click();
    assertThat(instructions).hasValue("Answer in verse.");
    instructions.fill("");
    device.named(AriaRole.BUTTON, "Save").click();
    assertThat(device.page.locator("dialog")).hasCount(0);
    assertThat(lab.service().conversation(id).getString("system")).isNull();
  }

  @Test
  void whatAConversationTookIsShownAtItsAnswersAndInSum() {
    BrowserPage device = lab.device().enter();
    device.say("One");
    device.settles();
    assertThat(device.page.locator(".tools .usage")).containsText("3 in, 4 out");
    device.say("Two");
    assertThat(device.page.locator(".tools .usage")).hasCount(2);
    device.button("Settings of this conversation").click();
    assertThat(device.page.locator(".facts div").nth(0)).containsText("Tokens read6");
    assertThat(device.page.locator(".facts div").nth(1)).containsText("Tokens written8");
  }

  @Test
  void aConversationIsKeptFromTheRuleThatDeletesOldOnes() {
    String id = lab.service().seed("Hills", 2);
    BrowserPage device = at(id);
    device.button("Settings of this conversation").click();
    Locator keep =
        device.page.getByLabel("Keep it: others are deleted after 365 days without activity");
    keep.check();
    device.button("Cancel").click();
    device.button("Settings of this conversation").click();
    assertThat(keep).isChecked();
    assertThat(lab.service().conversation(id).getBoolean("flagged")).isTrue();
  }
}
