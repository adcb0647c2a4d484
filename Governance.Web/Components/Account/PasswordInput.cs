using System.ComponentModel.DataAnnotations;

namespace Governance.Web.Components.Account;

/// <summary>A new password, as a form sends it. The rules themselves are the service's.</summary>
public sealed class PasswordInput
{
    [Required(ErrorMessage = "Choose a password."), StringLength(1024, ErrorMessage = "Choose at most 1,024 characters.")]
    public string Password { get; set; } = "";
}
