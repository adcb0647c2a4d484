using Governance.Domain.Identity;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>What people do on the pages of the second factor.</summary>
public static class SecondFactorActions
{
    public const string EnrolPage = "**/account/second-factor";
    public const string TwoStepPage = "**/account/two-step*";

    /// <summary>Sets an authenticator app up on the open page, by the key that it shows.</summary>
    /// <returns>The app, and the recovery codes.</returns>
    public static async Task<(AuthenticatorApp App, IReadOnlyList<string> RecoveryCodes)> EnrolAsync(this IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up an app" }).ClickAsync();
        var app = new AuthenticatorApp(await page.Locator("#manual-key").InnerTextAsync());
        await page.GetByLabel("Code that the app shows").FillAsync(app.CodeAt(TimeProvider.System.GetUtcNow()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await page.Locator("#recovery-codes").WaitForAsync();
        return (app, await page.Locator("#recovery-codes code").AllInnerTextsAsync());
    }

    /// <summary>Gives address and password, up to the second step.</summary>
    public static async Task FirstStepAsync(this IPage page, string email, string password)
    {
        await page.GotoAsync("/account/sign-in");
        await page.FillSignInAsync(email, password);
        await page.ArrivesAtAsync(TwoStepPage);
    }

    /// <summary>Sends a code of the app at the second step.</summary>
    public static async Task SendCodeAsync(this IPage page, string code)
    {
        await page.GetByLabel("Code of your authenticator app").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Sends a recovery code at the second step.</summary>
    public static async Task SendRecoveryCodeAsync(this IPage page, string code)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Use a recovery code" }).ClickAsync();
        await page.GetByLabel("Recovery code").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    public static async Task SignOutAsync(this IPage page)
    {
        // A page that is still arriving after the sign-in closes a menu that was opened on the one before.
        var signOut = page.GetByRole(AriaRole.Button, new() { Name = "Sign out" });
        await Eventually.TrueAsync(
            async () =>
            {
                if (!await signOut.IsVisibleAsync()) await page.Locator("summary.avatar-button").ClickAsync();
                return await signOut.IsVisibleAsync();
            },
            "the account menu is open");
        await signOut.ClickAsync();
        await page.ArrivesAtAsync("**/account/sign-in");
    }

    /// <summary>Whether a sign-in got in, once it is decided: the page left the account's pages, or says what was wrong.</summary>
    public static async Task<bool> IsSignedInAsync(this IPage page)
    {
        await page.Locator(".account-page [role=alert]:not([hidden]), summary.avatar-button").First.WaitForAsync();
        return await page.Locator("summary.avatar-button").CountAsync() == 1;
    }

    /// <summary>A moment whose code is accepted now and is another one than at an earlier moment: at worst that of the next step, to which clocks may differ.</summary>
    public static DateTimeOffset CodeAfter(DateTimeOffset earlier)
    {
        var (now, next) = (TimeProvider.System.GetUtcNow(), earlier.AddSeconds(Totp.Period));
        return now > next ? now : next;
    }
}
