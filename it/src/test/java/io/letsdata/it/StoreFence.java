// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.policy.Fence;
import io.letsdata.fixtures.stack.LambdaStack;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Puts a fence around the store of every class of this module: its sessions and their workers may
 * touch what the class declares with {@link StoreAccess}, and there what the shipped IAM policies
 * grant. Fails a class when a request was refused. Registered for all classes of the module.
 */
public final class StoreFence implements BeforeAllCallback, AfterAllCallback {
  @StoreAccess
  private static final class Undeclared {}

  @Override
  public void beforeAll(ExtensionContext context) {
    StoreAccess access = of(context.getRequiredTestClass());
    LambdaStack.declare(
        new Fence.Declared(Set.of(access.runs()), Set.of(access.data()), access.cleaner()));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Class<?> type = context.getRequiredTestClass();
    var refused = LambdaStack.takeRefused();
    if (!of(type).refusalsExpected()) {
      assertThat(refused)
          .as("requests that %s does not declare, or that no policy grants", type.getSimpleName())
          .isEmpty();
    }
  }

  /** The declaration of a class; run locations below {@code runs} when it has none. */
  private static StoreAccess of(Class<?> type) {
    StoreAccess declared = type.getAnnotation(StoreAccess.class);
    return declared != null ? declared : Undeclared.class.getAnnotation(StoreAccess.class);
  }
}
