package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.FilePayload;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pictures, on every way into a message and out of it. */
class ChatPicturesTest {
  /** A person's drag or paste, with files, as the browser tells a page of it. */
  private static final String BRING =
      """
      (element, {type, files}) => {
        const transfer = new DataTransfer();
        for (const {name, mime, data} of files) {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          transfer.items.add(new File([bytes], name, {type: mime}));
        }
        const options = {bubbles: true, cancelable: true};
        const event = type === 'paste'
          ? new ClipboardEvent(type, {...options, clipboardData: transfer})
          : new DragEvent(type, {...options, dataTransfer: transfer});
        element.dispatchEvent(event);
        return event.defaultPrevented;
      }
      """;

  /** That a picture has arrived and been understood by the browser. */
  private static final String SHOWN = "image => image.decode().then(() => image.naturalWidth)";

  @RegisterExtension final ChatLab lab = new ChatLab();

  private static boolean bring(Locator where, String type, FilePayload... files) {
    List<Map<String, String>> given =
        Arrays.stream(files)
            .map(
                file ->
                    Map.of(
                        "name", file.name,
                        "mime", file.mimeType,
                        "data", Base64.getEncoder().encodeToString(file.buffer)))
            .toList();
    return (boolean) where.evaluate(BRING, Map.of("type", type, "files", given));
  }

  private static Locator toSend(BrowserPage device) {
    return device.page.locator(".composer .pictures img");
  }

  @Test
  void aPictureThatWasPickedOutlivesARefreshAndGoesWithItsMessage() {
    BrowserPage device = lab.device().enter();
    device.page.locator("input[type=file]").setInputFiles(Pictures.evening());
    assertThat(toSend(device)).hasCount(1);
    device.page.reload();
    assertThat(toSend(device)).hasCount(1);
    device.say("What is this?");
    Locator sent = device.page.locator(".message.user:not(.pending) img");
    assertThat(sent).hasCount(1);
    assertThat(sent.evaluate(SHOWN)).isEqualTo(320);
    device.seesAnswer(ChatLab.WORDS);
  }

  @Test
  void aPictureComesByDragAndDrop() {
    BrowserPage device = lab.device().enter();
    Locator page = device.page.locator("main.conversation");
    assertThat(bring(page, "dragover", Pictures.evening())).isTrue();
    assertThat(page).hasClass(java.util.regex.Pattern.compile("dropping"));
    bring(page, "drop", Pictures.evening());
    assertThat(toSend(device)).hasCount(1);
    assertThat(page).not().hasClass(java.util.regex.Pattern.compile("dropping"));
  }

  @Test
  void aFileThatFallsBesideThePlaceForPicturesDoesNotReplaceThePage() {
    BrowserPage device = lab.device().enter();
    Locator aside = device.page.locator(".sidebar");
    assertThat(bring(aside, "dragover", Pictures.evening())).isTrue();
    assertThat(bring(aside, "drop", Pictures.evening())).isTrue();
  }

  @Test
  void aPictureComesByPasteAndCanBeTakenAway() {
    BrowserPage device = lab.device().enter();
    bring(device.box(), "paste", Pictures.evening(), Pictures.evening());
    assertThat(toSend(device)).hasCount(2);
    device.page.getByLabel("Remove this picture").first().click();
    assertThat(toSend(device)).hasCount(1);
    bring(device.box(), "paste");
    assertThat(device.box()).isFocused();
  }

  @Test
  void aPictureThatIsTooLargeIsRefusedInWordsForPeople() {
    BrowserPage device = lab.device().enter();
    device.page.locator("input[type=file]").setInputFiles(Pictures.huge());
    device.sees(
        "“huge.png” was not added. It is too large, with 9 MB: a picture may have up to 8 MB.");
    assertThat(toSend(device)).hasCount(0);
    assertThat(device.page.locator(".composer .coming")).hasCount(0);
  }

  @Test
  void whatIsNoPictureIsRefusedAndThePicturesBesideItAreTaken() {
    BrowserPage device = lab.device().enter();
    bring(device.box(), "paste", Pictures.letter(), Pictures.evening());
    device.sees("“letter.pdf” was not added: only pictures can be");
    assertThat(toSend(device)).hasCount(1);
  }

  @Test
  void aModelThatCannotSeeIsNamedBeforeAPictureIsSent() {
    BrowserPage device = lab.device().enter();
    device.page.getByLabel("Model", exactly()).selectOption("parley-mini");
    device.page.locator("input[type=file]").setInputFiles(Pictures.evening());
    device.sees("Parley Mini cannot see pictures.");
  }

  private static com.microsoft.playwright.Page.GetByLabelOptions exactly() {
    return new com.microsoft.playwright.Page.GetByLabelOptions().setExact(true);
  }

  @Test
  void aSharedConversationShowsItsPicturesToStrangers() {
    BrowserPage device = lab.device().enter();
    device.page.locator("input[type=file]").setInputFiles(Pictures.evening());
    assertThat(toSend(device)).hasCount(1);
    device.say("What is this?");
    device.seesAnswer(ChatLab.WORDS);
    device.settles();
    device.choose("Share a link");
    device.button("Make a link").click();
    String link = device.page.getByLabel("Link", exactly()).inputValue();
    BrowserPage stranger = lab.device();
    stranger.page.navigate(link);
    assertThat(stranger.page.locator(".message img").evaluate(SHOWN)).isEqualTo(320);
    assertThat(stranger.page.locator(".message img").getAttribute("src")).contains("/shared/");
  }
}
