/**
 * What tests share: the contract that every adapter of a port must pass, scripted stand-ins for
 * ports, and virtual time. Used in test scope only.
 */
@NullMarked
package io.parley.testkit;

import org.jspecify.annotations.NullMarked;
