using Governance.Domain.Identity;

namespace Governance.Web.Components.Pages.Access;

/// <summary>The permissions by resource, for matrices and forms.</summary>
internal static class PermissionGroups
{
    public const string Other = "other";

    public static IReadOnlyList<string> Columns { get; } = ["read", "write", Other];

    public static IReadOnlyList<(string Resource, IReadOnlyList<Permission> Permissions)> All { get; } =
    [
        .. Permissions.All.GroupBy(permission => permission.Name.Split('.')[0])
            .Select(group => (Title(group.Key), (IReadOnlyList<Permission>)[.. group])),
    ];

    public static string ColumnOf(Permission permission) => permission.Name.Split('.')[1] is "read" or "write" ? permission.Name.Split('.')[1] : Other;

    /// <summary><c>service_accounts</c> as "Service accounts".</summary>
    private static string Title(string resource) => char.ToUpperInvariant(resource[0]) + resource[1..].Replace('_', ' ');
}
