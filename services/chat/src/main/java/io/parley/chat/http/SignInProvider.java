package io.parley.chat.http;

/** An OpenID provider as the page that asks who somebody is shows it. */
public record SignInProvider(String id, String name) {}
