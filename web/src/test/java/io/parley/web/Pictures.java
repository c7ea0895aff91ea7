package io.parley.web;

import com.microsoft.playwright.options.FilePayload;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Files as people have them. */
final class Pictures {
  private Pictures() {}

  /** An evening over hills, 320 by 200. */
  static FilePayload evening() {
    var image = new BufferedImage(320, 200, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setPaint(new GradientPaint(0, 0, new Color(0x2b3f73), 0, 150, new Color(0xf2a65a)));
    pen.fillRect(0, 0, 320, 200);
    pen.setColor(new Color(0xffe3b0));
    pen.fillOval(205, 75, 46, 46);
    pen.setColor(new Color(0x35506b));
    pen.fillPolygon(
        new int[] {0, 90, 190, 320, 320, 0}, new int[] {140, 95, 150, 110, 200, 200}, 6);
    pen.setColor(new Color(0x1d3344));
    pen.fillPolygon(new int[] {0, 140, 320, 320, 0}, new int[] {180, 150, 175, 200, 200}, 5);
    pen.dispose();
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FilePayload("evening.png", "image/png", bytes.toByteArray());
  }

  /** One that is larger than the server takes, with 9 MB. */
  static FilePayload huge() {
    return new FilePayload("huge.png", "image/png", new byte[9 << 20]);
  }

  static FilePayload letter() {
    return new FilePayload("letter.pdf", "application/pdf", new byte[] {'%', 'P', 'D', 'F'});
  }
}
