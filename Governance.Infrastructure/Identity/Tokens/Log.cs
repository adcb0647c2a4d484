using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Identity.Tokens;

internal static partial class Log
{
    [LoggerMessage(4101, LogLevel.Information, "Signing key {Kid}, the {Generation}. of this installation, was made; it signs from {ActivatesAt} on")]
    public static partial void SigningKeyCreated(ILogger logger, string kid, int generation, DateTimeOffset activatesAt);

    [LoggerMessage(4102, LogLevel.Warning, "A refresh token was used a second time; its family {FamilyId} was ended")]
    public static partial void RefreshTokenReused(ILogger logger, Guid familyId);
}
