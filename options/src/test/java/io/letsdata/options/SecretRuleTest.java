// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretRuleTest {
  private final SecretRule rule = SecretRule.of(Optional.empty());

  @ParameterizedTest
  @CsvSource({
    "spark.my.Password, x, true",
    "spark.my.access.key, x, true",
    "spark.my.accesskey, x, true",
    "spark.x, jdbc:h2;password=p, true",
    "spark.driver.extraJavaOptions, -Djavax.net.ssl.trustStorePassword=p, true",
    "shop.source, '{\"api_token\": \"p\"}', true",
    "spark.sql.catalog.x.url, jdbc:x?password=hunter2, true",
    "spark.hadoop.fs.s3a.bucket.tokens.secret.key, x, true",
    "spark.letsdata.s3.region, eu-west-1, false"
  })
  void keyOfASecretAndValueThatAssignsToOneAreSecrets(String key, String value, boolean secret) {
    assertThat(rule.isSecret(key, value)).isEqualTo(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "spark.app.name, Password reset: token=5",
    "spark.sql.extensions, com.example.TokenMasking",
    "spark.jars, s3://tokens/token.jar",
    "spark.letsdata.run.location, s3://token-bucket/runs",
    "spark.my.columns, 'id,token_count'",
    "spark.shop.table, password_changes",
    "shop.step, tokenize",
    "spark.hadoop.fs.s3a.bucket.tokens.endpoint, https://x"
  })
  void nameThatLooksLikeASecretIsNone(String key, String value) {
    assertThat(rule.isSecret(key, value)).isFalse();
  }

  @Test
  void keyIsASecretWhateverItsValue() {
    assertThat(rule.isSecretKey("spark.hadoop.fs.s3a.secret.key")).isTrue();
    assertThat(rule.isSecretKey("spark.x")).isFalse();
  }

  @Test
  void patternOfTheSessionReplacesSparksDefault() {
    SecretRule own = SecretRule.of(Optional.of("hidden"));

    assertThat(own.isSecret("spark.hidden", "x")).isTrue();
    assertThat(own.isSecret("spark.x", "hidden")).isTrue();
    assertThat(own.isSecret("spark.password", "x")).isFalse();
    assertThat(own.isSecret("spark.redaction.regex", "hidden")).isFalse();
    assertThat(own).isEqualTo(SecretRule.of(Optional.of("hidden"))).isNotEqualTo(rule);
    assertThatThrownBy(() -> SecretRule.of(Optional.of("(")))
        .isInstanceOf(PatternSyntaxException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fs.s3a.access.key",
        "fs.s3a.secret.key",
        "fs.s3a.session.token",
        "fs.s3a.bucket.b.secret.key",
        "spark.hadoop.fs.s3a.secret.key"
      })
  void staticIdentityOfS3aIsFoundForAllBucketsAndForOne(String key) {
    assertThat(SecretRule.isStaticS3aKey(key)).isTrue();
    assertThat(SecretRule.isStaticS3aKey(key + ".provider")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "fs.s3a.secret.key, true",
    "spark.hadoop.fs.s3a.bucket.b.encryption.key, false",
    "spark.hadoop.fs.s3a.encryption.key, true",
    "fs.azure.account.key.a.blob.core.windows.net, true",
    "my.credential, true",
    "fs.s3a.endpoint, false"
  })
  void keyThatHadoopWouldRedactIsSensitive(String key, boolean sensitive) {
    assertThat(SecretRule.isSensitiveInHadoop(key)).isEqualTo(sensitive);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "login with password=hunter2, user=x | login with password=***, user=x",
        "{\"api_token\": \"a b\", \"n\": 1} | {\"api_token\": ***, \"n\": 1}",
        "jdbc:x?trustStorePassword=p&a=b | jdbc:x?trustStorePassword=***&a=b",
        "aws_secret_access_key : abc | aws_secret_access_key : ***",
        "password='a b' c | password=*** c",
        "the token is lost; 3 tokens read | the token is lost; 3 tokens read"
      })
  void valuesThatAreAssignedToSecretsAreHidden(String text, String expected) {
    assertThat(rule.hidden(text)).isEqualTo(expected);
  }

  @Test
  void sessionsOwnPatternDecidesWhatIsHidden() {
    SecretRule own = SecretRule.of(Optional.of("(pin|code)"));

    assertThat(own.hidden("pin=1234 password=x")).isEqualTo("pin=*** password=x");
  }
}
