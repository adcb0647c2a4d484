using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.Passwords;

internal sealed class PasswordsOptionsValidator : IValidateOptions<PasswordsOptions>
{
    public ValidateOptionsResult Validate(string? name, PasswordsOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.BreachList)) return ValidateOptionsResult.Success;
        try
        {
            return new BreachList(options.BreachList).HasExpectedFormat()
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    $"Passwords:BreachList: '{options.BreachList}' does not begin with a line such as 000000005AD76BD555C1D6D771DE417A4B87E4B4:10. " +
                    "Name the file that holds all hashes in one, sorted by hash.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ValidateOptionsResult.Fail($"Passwords:BreachList: '{options.BreachList}' cannot be read. Correct the path, or remove the setting.");
        }
    }
}
