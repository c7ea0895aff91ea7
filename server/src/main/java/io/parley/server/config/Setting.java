package io.parley.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes a setting, or a section of them, for its reader and for the person who sets it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** What it does, in a sentence or two of Markdown. */
  String value();

  /** The default as it would be written in the file; empty for none. */
  String byDefault() default "";

  /** The least that a number may be. */
  int min() default 0;

  /** The most that a number may be. */
  int max() default Integer.MAX_VALUE;
}
